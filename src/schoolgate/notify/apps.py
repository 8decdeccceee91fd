from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "schoolgate.notify"
    label = "notify"
    verbose_name = "Notify: messages to people, without content"
