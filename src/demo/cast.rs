//! Who writes in the demonstration.

use super::plan::Author;

/// The clerk of the district, who merges what the others write.
pub const DISTRICT: Author = Author {
    name: "周敏",
    unit: "500101000000",
    role: "09",
    zeal: 0,
};

/// A town's chair, who looks after needs of her villages.
pub const TOWN: usize = 7;

/// Cadres of villages and communities, and of one town.
pub const AUTHORS: [Author; 8] = [
    Author {
        name: "谭素芳",
        unit: "500101028008",
        role: "01",
        zeal: 100,
    },
    Author {
        name: "冉小英",
        unit: "500101139208",
        role: "01",
        zeal: 100,
    },
    Author {
        name: "牟春燕",
        unit: "500101137206",
        role: "01",
        zeal: 90,
    },
    Author {
        name: "向丽琼",
        unit: "500101151208",
        role: "06",
        zeal: 80,
    },
    Author {
        name: "程玉梅",
        unit: "500101239202",
        role: "01",
        zeal: 70,
    },
    Author {
        name: "熊秋菊",
        unit: "500101156002",
        role: "06",
        zeal: 90,
    },
    Author {
        name: "骆艳",
        unit: "500101001005",
        role: "01",
        zeal: 100,
    },
    Author {
        name: "易红梅",
        unit: "500101028000",
        role: "01",
        zeal: 30,
    },
];
