/// The handwritten digits that the package carries: 1,437 pictures for training, 360 for testing, 8 x 8 pixels with
/// values from 0 to 16, 10 classes.
///
/// Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998,
/// DOI 10.24432/C50P49; CC BY 4.0 (see `README.md` beside this file).
public enum Digits {
    /// IDX files packed by gzip, under the names that a folder of such data has.
    public static var files: [(name: String, bytes: [UInt8])] {
        [
            ("train-images-idx3-ubyte.gz", PackageResources.train_images_idx3_ubyte_gz),
            ("train-labels-idx1-ubyte.gz", PackageResources.train_labels_idx1_ubyte_gz),
            ("test-images-idx3-ubyte.gz", PackageResources.test_images_idx3_ubyte_gz),
            ("test-labels-idx1-ubyte.gz", PackageResources.test_labels_idx1_ubyte_gz),
        ]
    }
}
