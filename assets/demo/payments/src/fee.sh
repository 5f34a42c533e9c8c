# The fee of a provider for an amount in cents: so many hundredths of a percent, and a fixed part.
fee() {
    awk -F, -v provider="$1" -v cents="$2" '$1 == provider { print int(cents * $2 / 10000) + $3; exit }' \
        data/providers.csv
}
