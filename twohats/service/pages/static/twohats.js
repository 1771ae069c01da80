// Pages are whole without this file. It opens what is folded when a page is printed, gives "Print" a button, keeps a
// part that others change up to date, and lets a form of labels be filled in with one key a label.
"use strict";
(function () {
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    opened.forEach(function (part) { part.open = true; });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (part) { part.open = false; });
  });
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  // A part that others change is asked for again while it is looked at; what has the focus keeps it.
  document.querySelectorAll("[data-live]").forEach(function (part) {
    var named = function () {
      var held = document.activeElement;
      return held && part.contains(held) && held.matches("button") ? (held.name ? "button[name=" + held.name + "][value=" + held.value + "]" : "button.nurse") : "";
    };
    var show = function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live]");
      if (!fresh) { return; }
      var held = named();
      part.innerHTML = fresh.innerHTML;
      part.dataset.seen = fresh.dataset.seen;
      if (held && part.querySelector(held)) { part.querySelector(held).focus(); }
      document.querySelectorAll("[data-live-says]").forEach(function (says) {
        says.textContent = part.querySelector("[data-live-line]").textContent;
      });
    };
    var ask = function () {
      if (document.hidden) { window.setTimeout(ask, 700); return; }
      fetch(part.dataset.live + "?seen=" + encodeURIComponent(part.dataset.seen), {credentials: "same-origin"})
        .then(function (answer) {
          if (answer.redirected) { window.location.reload(); return; }
          if (answer.status === 200) { return answer.text().then(show); }
        })
        .catch(function () { return; })
        .then(function () { window.setTimeout(ask, 700); });
    };
    window.setTimeout(ask, 700);
  });
  // Only while the cursor is in the form, so that no key of somebody's own tools is taken (WCAG 2.1.4).
  document.querySelectorAll("form[data-strokes]").forEach(function (form) {
    form.addEventListener("keydown", function (event) {
      var typing = event.target.matches("input[type=text], textarea, select");
      if (typing || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) { return; }
      var named = function (attribute, key) { return form.querySelector("[" + attribute + "=\"" + CSS.escape(key) + "\"]"); };
      var label = named("accesskey", event.key.toLowerCase());
      var deed = named("data-stroke", event.key);
      if (label) {
        label.checked = true;
        label.focus();
      } else if (deed && deed.name === "as_model") {
        form.querySelectorAll("[data-model]").forEach(function (one) { one.checked = true; one.focus(); });
      } else if (deed) {
        deed.click();
      } else {
        return;
      }
      event.preventDefault();
    });
  });
})();
