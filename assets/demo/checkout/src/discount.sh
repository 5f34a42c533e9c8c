# A price after a discount in percent, in cents, never below nothing.
discounted() {
    left=$(($1 - $1 * $2 / 100))
    [ "$left" -gt 0 ] || left=0
    echo "$left"
}
