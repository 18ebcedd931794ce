"""Terms as people write them: tidied up, in reading order, letters named. Believed by nobody."""
