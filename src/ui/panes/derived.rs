//! The rows of a list, derived once from what they depend on: a key, a frame and a moment ask for them several times, and
//! with thousands of services each time would be one too many.

use std::cell::RefCell;
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::domain::filter::Filter;
use crate::store::{Edition, Store};

/// Rows, and what they were derived from.
#[derive(Debug)]
pub struct Derived<T>(RefCell<Option<(Basis, Arc<[T]>)>>);

/// What rows depend on beside the pane's own choices; where it is equal, so are they.
#[derive(Debug, PartialEq)]
struct Basis {
    edition: Edition,
    filter: Filter,
    order: &'static str,
    /// The second, where the filter asks for ages.
    second: Option<i64>,
}

impl<T> Default for Derived<T> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}

impl<T> Derived<T> {
    /// The rows that `derive` makes of `store` as `filter` and `order` want them.
    pub fn rows(
        &self,
        (store, now): (&Store, Timestamp),
        filter: &Filter,
        order: &'static str,
        derive: impl FnOnce() -> Vec<T>,
    ) -> Arc<[T]> {
        let second = filter.asks_for_ages().then(|| now.as_second());
        if let Some((basis, rows)) = &*self.0.borrow()
            && basis.edition == *store.edition()
            && (basis.order, basis.second) == (order, second)
            && basis.filter == *filter
        {
            return Arc::clone(rows);
        }
        let rows: Arc<[T]> = derive().into();
        let basis = Basis { edition: store.edition().clone(), filter: filter.clone(), order, second };
        *self.0.borrow_mut() = Some((basis, Arc::clone(&rows)));
        rows
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::domain::filter::Column;
    use crate::domain::observation::{Facts, Observation, Overview, Subject};
    use crate::domain::topology::Topology;

    fn observed(store: &mut Store, at: i64, service: &str) {
        let service = serde_json::json!({ "name": service, "environments": [] });
        let services = vec![serde_json::from_value(service).unwrap()];
        let facts = Facts::Overview(Overview { services, ..Overview::default() });
        let at = Timestamp::from_second(at).unwrap();
        store.apply(Observation { source: "engine".into(), subject: Subject::Overview, at, facts });
    }

    #[test]
    fn rows_are_derived_again_when_what_they_depend_on_is_another() {
        let topology =
            Topology { context: "shop".into(), danger: false, read_only: false, sources: Vec::new(), services: None };
        let mut store = Store::new(Arc::new(topology));
        let (derived, count) = (Derived::default(), Cell::new(0));
        let rows = |store: &Store, second: i64, words: &str, order| {
            let filter = Filter::parse(words, &[Column::age(&["age"])]);
            let now = Timestamp::from_second(second).unwrap();
            let derive = || {
                count.set(count.get() + 1);
                store.by_attention().to_vec()
            };
            derived.rows((store, now), &filter, order, derive);
            count.get()
        };
        assert_eq!((rows(&store, 1, "", "a"), rows(&store, 2, "", "a")), (1, 1), "nothing is another");
        assert_eq!((rows(&store, 2, "x", "a"), rows(&store, 2, "x", "b")), (2, 3), "the filter, the order");
        assert_eq!((rows(&store, 2, "age<2h", "b"), rows(&store, 2, "age<2h", "b")), (4, 4));
        assert_eq!(rows(&store, 3, "age<2h", "b"), 5, "ages go on");
        observed(&mut store, 1, "search");
        assert_eq!((rows(&store, 3, "", "b"), rows(&store, 3, "", "b")), (6, 6), "a service came");
        observed(&mut store, 2, "search");
        assert_eq!(rows(&store, 3, "", "b"), 6, "the same was seen again");
        let mut other = store.clone();
        observed(&mut other, 3, "payments");
        assert_eq!((rows(&other, 3, "", "b"), rows(&store, 3, "", "b")), (7, 8), "another store is another");
    }
}
