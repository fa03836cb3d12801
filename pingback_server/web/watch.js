// Only `permalien serve --watch` sends this: it shows the page anew when the preview was made anew.
(() => {
  const { address, version } = document.currentScript.dataset;
  // What somebody is typing into a form is not thrown away.
  const isTyping = () => [...document.querySelectorAll("input, textarea")]
    .some((field) => field.value !== field.defaultValue);
  const look = async () => {
    try {
      const answer = await fetch(address, { cache: "no-store" });
      if (answer.ok && (await answer.json()).version !== version && !isTyping()) location.reload();
    } catch {
      // The service is being started again: the next look will tell.
    }
  };
  setInterval(look, 1000);
})();
