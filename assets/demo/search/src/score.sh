# The score of a product's words for a query: how many of its letters are those of the words that match.
score() {
    sum=0
    for word in $2; do
        case " $1 " in *" $word "*) sum=$((sum + ${#word})) ;; esac
    done
    echo "$sum"
}
