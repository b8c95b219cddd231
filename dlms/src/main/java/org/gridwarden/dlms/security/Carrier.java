package org.gridwarden.dlms.security;

/** In which APDUs protected ones travel (IEC 62056-5-3, clause 9.2.7.2.4). */
public sealed interface Carrier {
  /** Under the global unicast key, in the services' own glo- APDUs. What all meters know. */
  static Carrier global() {
    return new Service(false);
  }

  /**
   * The services' own glo- or ded- APDUs; those services that have none go as {@link General}.
   *
   * @param dedicated whether a key is made for the association and used as soon as it is agreed
   */
  record Service(boolean dedicated) implements Carrier {}

  /**
   * general-glo- or general-ded-ciphering, which names the sender.
   *
   * @param dedicated whether a key is made for the association and used as soon as it is agreed
   */
  record General(boolean dedicated) implements Carrier {}

  /** general-ciphering, whose key-info names or brings the key. */
  enum GeneralCiphering implements Carrier {
    /** The global unicast encryption key. */
    UNICAST,
    /** The global broadcast encryption key. Everybody who has it can have sent it. */
    BROADCAST,
    /** A new key for each message, wrapped with the master key. */
    WRAPPED,
    /** A new key for each message, by one-pass Diffie-Hellman; suites 1 and 2. */
    ONE_PASS,
    /** A new key for each message, by the static unified model; suites 1 and 2. */
    STATIC
  }

  /** Whether it uses an association's own key. */
  default boolean usesDedicatedKey() {
    return switch (this) {
      case Service carrier -> carrier.dedicated();
      case General carrier -> carrier.dedicated();
      case GeneralCiphering _ -> false;
    };
  }
}
