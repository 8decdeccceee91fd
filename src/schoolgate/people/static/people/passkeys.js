// Passkeys need a browser that knows them: the buttons stay hidden elsewhere. When one fails, say so on the page.
const passkeys = document.querySelectorAll("[data-passkeys]");
if (window.PublicKeyCredential) {
  for (const part of passkeys) part.hidden = false;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const sentence of document.querySelectorAll("[data-passkey-failed]")) {
    sentence.hidden = false;
    sentence.focus();
  }
});
