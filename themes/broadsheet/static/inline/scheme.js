try { document.documentElement.dataset.scheme = localStorage.scheme || "" } catch {}
