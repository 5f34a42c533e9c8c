# Puts lines of "score name" in order, the best match first; one way to sort for scores and names.
rank() {
    sort -r
}
