"""Why a row got its answer, from the program alone.

- `explanation`: all that is told of one row
- `contributions`: what each column adds
- `combinations`, `led_back`, `sampling`: three ways to find that
- `changes`: what would have to be otherwise for another answer
- `similar`: the recorded rows that are most like it
- `unlike`: values that training rows hardly had
- `background`: the recorded rows that a row is compared with
"""
