# The name of a product by its number.
product() {
    awk -F, -v number="$1" '$1 == number { print $2; exit }' data/products.csv
}
