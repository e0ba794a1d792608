print("zkpot")
