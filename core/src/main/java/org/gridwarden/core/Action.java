package org.gridwarden.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What may be done to a meter: the command vocabulary. Immutable. What a word's parameters look
 * like on the wire is said where commands are signed.
 */
public sealed interface Action {
  /** The vocabulary's word for it. */
  String word();

  /** Opens the breaker. */
  record Disconnect() implements Action {
    @Override
    public String word() {
      return "disconnect";
    }
  }

  /** Closes the breaker, or as the meter's control mode has it allows the consumer to close it. */
  record Connect() implements Action {
    @Override
    public String word() {
      return "connect";
    }
  }

  /** Allows the consumer to close the breaker by hand: ready for reconnection. */
  record Arm() implements Action {
    @Override
    public String word() {
      return "arm";
    }
  }

  /**
   * Limits the power.
   *
   * @param watts what is allowed, 0 to 1,000,000
   * @param lasting how long, a second to 400 days
   */
  record LimitLoad(long watts, Duration lasting) implements Action {
    public LimitLoad {
      if (watts < 0 || watts > 1_000_000) {
        throw new IllegalArgumentException("a load limit is 0 to 1000000 W, not " + watts);
      }
      if (lasting.toSeconds() < 1 || lasting.toDays() > 400) {
        throw new IllegalArgumentException("a load limit lasts a second to 400 days");
      }
    }

    @Override
    public String word() {
      return "limit-load";
    }
  }

  /**
   * Sets the price of energy.
   *
   * @param microPerKilowattHour in millionths of the currency's unit
   * @param currency three letters of ISO 4217
   * @param from from when on
   */
  record SetPrice(long microPerKilowattHour, String currency, Instant from) implements Action {
    public SetPrice {
      if (!currency.matches("[A-Z]{3}")) {
        throw new IllegalArgumentException("a currency has three capital letters");
      }
    }

    @Override
    public String word() {
      return "set-price";
    }
  }

  /**
   * Sets the times of the tariff.
   *
   * @param calendar the activity calendar's name, at most 32 characters
   * @param content its encoded content, at most 32,768 bytes
   * @param from from when on
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  record SetTariff(String calendar, byte[] content, Instant from) implements Action {
    public SetTariff {
      if (calendar.isBlank() || calendar.length() > 32) {
        throw new IllegalArgumentException("a calendar's name has 1 to 32 characters");
      }
      if (content.length > 32_768) {
        throw new IllegalArgumentException("a calendar has at most 32768 bytes");
      }
      content = content.clone();
    }

    @Override
    public byte[] content() {
      return content.clone();
    }

    @Override
    public String word() {
      return "set-tariff";
    }
  }

  /** Sets the clock to the office's time. */
  record SetClock() implements Action {
    @Override
    public String word() {
      return "set-clock";
    }
  }

  /**
   * Gives the meter new keys, each wrapped under the meter's own master key: who signs the order
   * signs which key goes to which meter, and reads none of them.
   *
   * @param keys one for each purpose that changes, at most {@link #MOST}; none where the office is
   *     only asked to make them: such an order is never signed, and no meter takes it
   */
  record ChangeKeys(List<NewKey> keys) implements Action {
    /** So many purposes at once. */
    public static final int MOST = 4;

    public ChangeKeys {
      keys = List.copyOf(keys);
      if (keys.size() > MOST
          || keys.stream().map(NewKey::purpose).distinct().count() != keys.size()) {
        throw new IllegalArgumentException(
            "at most " + MOST + " keys change at once, and no purpose twice");
      }
    }

    @Override
    public String word() {
      return "change-keys";
    }
  }

  /**
   * A new key, wrapped (RFC 3394).
   *
   * @param purpose what for; not the master key itself
   * @param keyId names this version of the key, 1 to 16 bytes
   * @param encryption the wrapped encryption key or seal: 24 or 40 bytes, for 16 or 32
   * @param authentication the wrapped authentication key, likewise; of length 0 where the purpose
   *     has none
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  record NewKey(KeyAccess.Purpose purpose, byte[] keyId, byte[] encryption, byte[] authentication) {
    public NewKey {
      if (purpose == KeyAccess.Purpose.DLMS_MASTER) {
        throw new IllegalArgumentException("a master key is not changed by a command");
      }
      if (keyId.length < 1 || keyId.length > 16) {
        throw new IllegalArgumentException("a key's id has 1 to 16 bytes");
      }
      if (!wrapped(encryption) || authentication.length != 0 && !wrapped(authentication)) {
        throw new IllegalArgumentException("a wrapped key has 24 or 40 bytes");
      }
      keyId = keyId.clone();
      encryption = encryption.clone();
      authentication = authentication.clone();
    }

    private static boolean wrapped(byte[] key) {
      return key.length == 24 || key.length == 40;
    }

    @Override
    public byte[] keyId() {
      return keyId.clone();
    }

    @Override
    public byte[] encryption() {
      return encryption.clone();
    }

    @Override
    public byte[] authentication() {
      return authentication.clone();
    }
  }

  /**
   * Transfers and activates firmware.
   *
   * @param version which, at most 64 characters
   * @param sha256 the image's hash, 32 bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  record UpdateFirmware(String version, byte[] sha256) implements Action {
    public UpdateFirmware {
      if (version.isBlank() || version.length() > 64 || sha256.length != 32) {
        throw new IllegalArgumentException(
            "firmware is named by its version, 1 to 64 characters, and its SHA-256");
      }
      sha256 = sha256.clone();
    }

    @Override
    public byte[] sha256() {
      return sha256.clone();
    }

    @Override
    public String word() {
      return "update-firmware";
    }
  }

  /**
   * Sets an attribute of an object.
   *
   * @param attribute {@code OBIS:class:attribute}
   * @param value its encoded value, at most 4,096 bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  record Configure(String attribute, byte[] value) implements Action {
    public Configure {
      if (!attribute.matches("[0-9]{1,3}(\\.[0-9]{1,3}){5}:[0-9]{1,5}:[0-9]{1,3}")) {
        throw new IllegalArgumentException("an attribute is OBIS:class:attribute");
      }
      if (value.length > 4_096) {
        throw new IllegalArgumentException("a value has at most 4096 bytes");
      }
      value = value.clone();
    }

    @Override
    public byte[] value() {
      return value.clone();
    }

    @Override
    public String word() {
      return "configure";
    }
  }

  /** Reads the registers now. */
  record Read() implements Action {
    @Override
    public String word() {
      return "read";
    }
  }
}
