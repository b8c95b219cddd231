package org.gridwarden.dlms.meter;

/** What a client may do with an object. Thread-safe. */
public interface Rights {
  /** May read everything, and change nothing. */
  Rights READ_ALL =
      new Rights() {
        @Override
        public boolean reads(CosemObject object, int attribute) {
          return true;
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

  /** May do everything. */
  Rights EVERYTHING =
      new Rights() {
        @Override
        public boolean reads(CosemObject object, int attribute) {
          return true;
        }

        @Override
        public boolean writes(CosemObject object, int attribute) {
          return true;
        }

        @Override
        public boolean invokes(CosemObject object, int method) {
          return true;
        }
      };

  boolean reads(CosemObject object, int attribute);

  boolean writes(CosemObject object, int attribute);

  boolean invokes(CosemObject object, int method);
}
