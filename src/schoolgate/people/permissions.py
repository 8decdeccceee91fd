"""Every permission there is, grouped by noun. The roles that carry them are data: rules/roles.yaml, held equal by a test."""

from enum import StrEnum


class Permission(StrEnum):
    """The meaning of each is its sentence in rules/roles.yaml, `permissions`."""

    POLICY_READ = "policy.read"
    POLICY_EDIT = "policy.edit"
    POLICY_APPROVE = "policy.approve"
    POLICY_ADOPT = "policy.adopt"

    AGREEMENT_SIGN = "agreement.sign"
    AGREEMENT_CHASE = "agreement.chase"

    TRAINING_RECORD = "training.record"

    ACCOUNT_APPLY = "account.apply"
    ACCOUNT_APPROVE = "account.approve"
    ACCOUNT_MANAGE = "account.manage"
    ACCOUNT_CREDENTIALS = "account.credentials"
    ACCOUNT_CLOSE = "account.close"

    POST_DRAFT = "post.draft"
    POST_CHECK = "post.check"
    POST_APPROVE = "post.approve"
    POST_PUBLISH = "post.publish"
    POST_WITHDRAW = "post.withdraw"

    CONSENT_RESULT = "consent.result"
    CONSENT_RECORD = "consent.record"
    CONSENT_PROTECTED = "consent.protected"

    INBOX_READ = "inbox.read"
    INBOX_REPLY = "inbox.reply"
    INBOX_HIDE = "inbox.hide"

    INCIDENT_REPORT = "incident.report"
    INCIDENT_TRIAGE = "incident.triage"
    INCIDENT_CASE = "incident.case"
    INCIDENT_ASSIGN = "incident.assign"
    INCIDENT_CLOSE = "incident.close"
    INCIDENT_COUNTS = "incident.counts"

    EVIDENCE_ADD = "evidence.add"
    EVIDENCE_VIEW = "evidence.view"
    EVIDENCE_EXPORT = "evidence.export"

    DECLARATION_MAKE = "declaration.make"
    DECLARATION_DECIDE = "declaration.decide"

    DEVICE_LOG = "device.log"
    DEVICE_DECIDE = "device.decide"

    FILTER_COUNTS = "filter.counts"
    FILTER_REPORT = "filter.report"
    FILTER_SAFEGUARDING = "filter.safeguarding"

    SETTING_VIEW = "setting.view"
    SETTING_SCHOOL = "setting.school"
    SETTING_TRUST = "setting.trust"

    REPORT_SCHOOL = "report.school"
    REPORT_GOVERNOR = "report.governor"
    REPORT_TRUST = "report.trust"

    AUDIT_READ = "audit.read"

    DP_BREACH = "dp.breach"
    DP_REQUEST = "dp.request"

    RETENTION_RUN = "retention.run"

    COMPLAINT_HANDLE = "complaint.handle"

    PRESS_HANDLE = "press.handle"

    USER_MANAGE = "user.manage"
