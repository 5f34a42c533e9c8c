# Puts lines of "score name" in order, the best match first.
rank() {
    sort -k1,1nr
}
