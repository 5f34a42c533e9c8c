# Whether a card's number is well formed: the sum of its digits, every second one from the right doubled, ends in 0.
well_formed() {
    digits=$1 sum=0 second=0
    while [ -n "$digits" ]; do
        rest=${digits%?}
        digit=${digits#"$rest"}
        if [ "$second" = 1 ]; then
            digit=$((digit * 2))
            [ "$digit" -le 9 ] || digit=$((digit - 9))
        fi
        sum=$((sum + digit)) second=$((1 - second)) digits=$rest
    done
    [ $((sum % 10)) = 0 ]
}
