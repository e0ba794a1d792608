"""What the calls cost: within their limits, and as Docs/evm.md says."""

import unittest

from tests import gas


class GasTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.alone, cls.calls = gas.measure()

    def test_limits(self):
        for name, (used, limit) in self.alone.items():
            self.assertLessEqual(used, limit, name)
        for name in ("proveQuality", "answerAudit"):
            self.assertLessEqual(max(self.calls[name]), gas.LIMITS[name], name)

    def test_page_is_up_to_date(self):
        page = gas.PAGE.read_text()
        self.assertEqual(gas.replaced(page, gas.table(self.alone, self.calls)), page)


if __name__ == "__main__":
    unittest.main()
