"""``python -m voxtrait``: the command line where its script is not on the path."""

from voxtrait.cli.app import main

raise SystemExit(main())
