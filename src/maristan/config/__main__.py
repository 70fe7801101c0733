from maristan.config.cli import main

main()
