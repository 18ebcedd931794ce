"""Write the screens anew, all of them or those that are named."""

import sys

from tests.screens import renew

renew(sys.argv[1:])
