// Comfort for the reply form, which works without it: says how long the form was open, so that the receiver
// need not ask again, and chooses the reply whose "Reply" was pressed.
(() => {
  const form = document.querySelector(".reply-form form");
  if (!form) return;
  const opened = Date.now();
  form.addEventListener("formdata", (event) => {
    event.formData.set("seconds", Math.round((Date.now() - opened) / 1000));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reply]");
    const choice = document.getElementById("leave-to");
    if (!link || !choice) return;
    choice.value = link.dataset.reply;
    document.getElementById("leave-name").focus({ preventScroll: true });
  });
})();
