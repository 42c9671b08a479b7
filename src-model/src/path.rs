//! Where in a document a value stands: typed steps, since `a.1` in MongoDB may be a field named "1" or an index.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// One step down.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// An element of an array, from 0.
    Index(u32),
    /// A field of a document.
    Field(Arc<str>),
}

/// Steps from the top of a document; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Vec<Step>")]
pub struct Path(Vec<Step>);

impl TryFrom<Vec<Step>> for Path {
    type Error = &'static str;

    fn try_from(steps: Vec<Step>) -> Result<Self, Self::Error> {
        if steps.is_empty() { Err("a path has at least one step") } else { Ok(Self(steps)) }
    }
}

impl Path {
    /// A top-level field. The name is taken as it is: dots and dollars in it have no meaning.
    pub fn field(name: &str) -> Self {
        Self(vec![Step::Field(name.into())])
    }

    /// From MongoDB's dotted notation, as in `customer.name`; every step is a field, a number too.
    pub fn dotted(path: &str) -> Self {
        Self(path.split('.').map(|name| Step::Field(name.into())).collect())
    }

    /// One step further down.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The steps, top first.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The top-level field.
    pub fn head(&self) -> &Step {
        self.0.first().expect("a path has at least one step")
    }

    /// What an expectation covers when this path is changed: the path itself, but under an array the whole outermost
    /// array, since an index hits another element once a colleague has inserted one. `None` for an index at the top.
    pub fn guarded(&self) -> Option<Self> {
        let fields = self.0.iter().take_while(|step| matches!(step, Step::Field(_)));
        Self::try_from(fields.cloned().collect::<Vec<_>>()).ok()
    }

    /// Whether one of the two is the other, or lies inside it: changes to them do not commute.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a == b)
    }
}

/// The dotted notation; for people, since a name may itself hold dots.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            match step {
                Step::Field(name) => f.write_str(name)?,
                Step::Index(index) => write!(f, "{index}")?,
            }
        }
        Ok(())
    }
}
