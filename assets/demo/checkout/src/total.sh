# The total of a basket: lines of "quantity price", prices in cents.
total() {
    sum=0
    while read -r quantity price; do
        sum=$((sum + quantity * price))
    done
    echo "$sum"
}
