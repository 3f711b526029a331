"""``python -m voxtrait``: the command line where its script is not on the path."""

from voxtrait.cli.start import main

raise SystemExit(main())
