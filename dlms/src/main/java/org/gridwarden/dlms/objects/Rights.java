package org.gridwarden.dlms.objects;

import java.util.function.IntPredicate;

/** What a client may do with an object. Thread-safe. */
public interface Rights {
  /** May read everything, and change nothing. */
  Rights READ_ALL = all(false);

  /** May do everything. */
  Rights EVERYTHING = all(true);

  /** May not even read. */
  Rights NOTHING = reading(_ -> false);

  boolean reads(CosemObject object, int attribute);

  boolean writes(CosemObject object, int attribute);

  boolean invokes(CosemObject object, int method);

  /** May read some attributes of whatever object, and change nothing. */
  static Rights reading(IntPredicate attributes) {
    return new Rights() {
      @Override
      public boolean reads(CosemObject object, int attribute) {
        return attributes.test(attribute);
      }

      @Override
      public boolean writes(CosemObject object, int attribute) {
        return false;
      }

      @Override
      public boolean invokes(CosemObject object, int method) {
        return false;
      }
    };
  }

  private static Rights all(boolean change) {
    return new Rights() {
      @Override
      public boolean reads(CosemObject object, int attribute) {
        return true;
      }

      @Override
      public boolean writes(CosemObject object, int attribute) {
        return change;
      }

      @Override
      public boolean invokes(CosemObject object, int method) {
        return change;
      }
    };
  }
}
