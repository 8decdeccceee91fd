from schoolgate.cli.main import main

main()
