# A price in cents as people read it: 1999 is 19.99.
price() {
    printf '%d.%02d\n' "$(($1 / 100))" "$(($1 % 100))"
}
