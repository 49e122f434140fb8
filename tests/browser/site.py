"""The pages as a person uses them: open, read, click, type; every wait has a limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.fakes import product
from tests.fakes.browser import console_errors
from tests.fakes.product import ADMIN, PASSWORD

FOREIGN = "return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(location.origin))"
LIT = """
const canvas = document.querySelector(arguments[0]);
const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
for (let i = 0; i < data.length; i += 4) if (data[i] + data[i + 1] + data[i + 2] > 200) return true;
return false;
"""

T = TypeVar("T")


def wait_for(question: Callable[[], T], *, seconds: float = 20, what: str = "") -> T:
    """Ask until the answer is truthy and return it; what a renewed fragment has just taken away is no answer yet."""

    def asked() -> T | None:
        try:
            return question()
        except StaleElementReferenceException:
            return None

    return product.wait_for(asked, seconds=seconds, what=what)  # type: ignore[return-value]


class Site:
    """One browser at one product."""

    def __init__(self, browser: webdriver.Chrome, url: str) -> None:
        self.browser, self.url = browser, url
        self.foreign: list[str] = []

    def log_in(self, name: str = ADMIN, password: str = PASSWORD) -> None:
        """Use the login form."""
        self.open("/admin/")
        self.find("[name=username]").send_keys(name)
        self.find("[name=password]").send_keys(password)
        self.find("#login-form [type=submit]").click()
        wait_for(lambda: self.browser.find_elements(By.CSS_SELECTOR, ".ls-page"), what="the first page")

    def open(self, path: str) -> None:
        """Go to a page."""
        self._note_foreign()
        self.browser.get(self.url + path)

    def find(self, selector: str, text: str = "") -> WebElement:
        """Return the first visible element that matches and carries a text; wait for it."""
        return wait_for(lambda: self._first(selector, text), what=f"{selector} {text!r} in {self.text()[:1500]}")

    def click(self, selector: str, text: str = "") -> None:
        """Click an element, again when the fragment that it stood in was just renewed."""

        def clicked() -> bool:
            element = self._first(selector, text)
            if element is None:
                return False
            try:
                element.click()
            except WebDriverException:
                return False
            return True

        wait_for(clicked, what=f"a click on {selector} {text!r} in {self.text()[:1500]}")

    def fill(self, selector: str, text: str) -> None:
        """Replace what stands in an input."""
        element = self.find(selector)
        element.clear()
        element.send_keys(text)

    def says(self, text: str, selector: str = ".ls-page", *, seconds: float = 20) -> None:
        """Wait until a part of the page carries a text."""
        wait_for(lambda: text in self.text(selector), seconds=seconds, what=f"{text!r} in {selector}")

    def text(self, selector: str = "body") -> str:
        """Return the visible text of a part of the page, empty while it is not there."""
        try:
            return str(self.browser.find_element(By.CSS_SELECTOR, selector).text)
        except (NoSuchElementException, StaleElementReferenceException):
            return ""

    def find_hidden(self, selector: str) -> str:
        """Return the text of an element that nobody sees."""
        return str(self.browser.find_element(By.CSS_SELECTOR, selector).get_attribute("textContent"))

    def is_lit(self, selector: str = "canvas[data-led-panel]") -> bool:
        """Tell whether the drawn panel shows anything."""
        return bool(self.browser.execute_script(LIT, selector))

    def check(self) -> None:
        """Fail for requests to other servers and for errors in the console."""
        self._note_foreign()
        assert self.foreign == []
        assert console_errors(self.browser) == []

    def _note_foreign(self) -> None:
        if self.browser.current_url.startswith(self.url):
            self.foreign += self.browser.execute_script(FOREIGN)

    def _first(self, selector: str, text: str) -> WebElement | None:
        try:
            for element in self.browser.find_elements(By.CSS_SELECTOR, selector):
                if element.is_displayed() and text in element.text:
                    return element
        except StaleElementReferenceException:
            return None
        return None
