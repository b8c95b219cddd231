package org.gridwarden.dlms;

import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.jspecify.annotations.Nullable;

/** A DLMS application protocol data unit (IEC 62056-5-3, clause 9). Immutable. */
public sealed interface Apdu
    permits Acse,
        Initiate,
        Service,
        BlockTransfer,
        Apdu.DataNotification,
        Apdu.DataNotificationConfirm,
        Apdu.EventNotification,
        Apdu.Ciphered,
        Apdu.GeneralCiphering,
        Apdu.Unknown {
  /** The first byte, 0 to 255. */
  int tag();

  /** The standard's name: {@code data-notification}. */
  default String name() {
    return ApduTag.name(tag());
  }

  /**
   * DataNotification [15]: a push.
   *
   * @param invokeId long-invoke-id-and-priority, 32 bits unsigned
   * @param dateTime when it was sent; empty where the meter leaves it out
   * @param body what is pushed
   */
  record DataNotification(long invokeId, Optional<CosemDateTime> dateTime, DlmsData body)
      implements Apdu {
    private static final long SERVICE_CLASS_CONFIRMED = 0x4000_0000L;
    private static final long HIGH_PRIORITY = 0x8000_0000L;

    public DataNotification {
      Ranges.check(invokeId, 0, 0xFFFF_FFFFL, "long-invoke-id-and-priority");
    }

    /** Whether the meter wants a data-notification-confirm (service class, bit 30). */
    public boolean confirmed() {
      return (invokeId & SERVICE_CLASS_CONFIRMED) != 0;
    }

    /** Whether it overtakes others (priority, bit 31). */
    public boolean highPriority() {
      return (invokeId & HIGH_PRIORITY) != 0;
    }

    /** The invoke id alone, 24 bits. */
    public int sequence() {
      return (int) invokeId & 0xFF_FFFF;
    }

    @Override
    public int tag() {
      return ApduTag.DATA_NOTIFICATION;
    }
  }

  /**
   * DataNotification-Confirm [16].
   *
   * @param invokeId the confirmed push's long-invoke-id-and-priority
   * @param dateTime when it was confirmed, may be left out
   */
  record DataNotificationConfirm(long invokeId, Optional<CosemDateTime> dateTime) implements Apdu {
    public DataNotificationConfirm {
      Ranges.check(invokeId, 0, 0xFFFF_FFFFL, "long-invoke-id-and-priority");
    }

    /** The confirm of a push, without a time. */
    public static DataNotificationConfirm of(DataNotification push) {
      return new DataNotificationConfirm(push.invokeId(), Optional.empty());
    }

    @Override
    public int tag() {
      return ApduTag.DATA_NOTIFICATION_CONFIRM;
    }
  }

  /**
   * EventNotification-Request [194]: one attribute's value.
   *
   * @param time when it happened, may be left out
   * @param classId the interface class
   * @param instance which object
   * @param attribute which of its attributes, -128 to 127
   * @param value the attribute's value
   */
  record EventNotification(
      Optional<CosemDateTime> time, int classId, ObisCode instance, int attribute, DlmsData value)
      implements Apdu {
    public EventNotification {
      Ranges.check(classId, 0, 0xFFFF, "class id");
      Ranges.check(attribute, -128, 127, "attribute index");
    }

    @Override
    public int tag() {
      return ApduTag.EVENT_NOTIFICATION;
    }
  }

  /**
   * An APDU under a symmetric key: general-glo-, general-ded-ciphering, or a glo- or ded- service,
   * which names no system title. Open it with {@link Ciphering}.
   */
  final class Ciphered implements Apdu {
    private final int tag;
    private final byte[] systemTitle;
    private final SecurityControl control;
    private final int counter;
    private final byte[] buffer;
    private final int from;
    private final int length;

    Ciphered(
        int tag,
        byte[] systemTitle,
        SecurityControl control,
        int counter,
        byte[] buffer,
        int from,
        int length) {
      this.tag = tag;
      this.systemTitle = systemTitle;
      this.control = control;
      this.counter = counter;
      this.buffer = buffer;
      this.from = from;
      this.length = length;
    }

    @Override
    public int tag() {
      return tag;
    }

    /** The sender's system title, a copy; of length 0 where the APDU names none. */
    public byte[] systemTitle() {
      return systemTitle.clone();
    }

    public SecurityControl control() {
      return control;
    }

    /** The invocation counter, 0 to 2^32 - 1. */
    public long invocationCounter() {
      return counter & 0xFFFF_FFFFL;
    }

    /** Whether the association's dedicated key protects it. */
    public boolean dedicated() {
      return ApduTag.isDedicated(tag);
    }

    /** The protected bytes, a copy: ciphertext or plaintext, then the tag where authenticated. */
    public byte[] content() {
      return Arrays.copyOfRange(buffer, from, from + length);
    }

    byte[] rawSystemTitle() {
      return systemTitle;
    }

    byte[] buffer() {
      return buffer;
    }

    int from() {
      return from;
    }

    int length() {
      return length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Ciphered that
          && tag == that.tag
          && control.equals(that.control)
          && counter == that.counter
          && Arrays.equals(systemTitle, that.systemTitle)
          && Arrays.equals(
              buffer, from, from + length, that.buffer, that.from, that.from + that.length);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(systemTitle) * 31 + counter;
    }

    @Override
    public String toString() {
      return name()
          + "["
          + control
          + ", counter "
          + invocationCounter()
          + ", "
          + length
          + " bytes]";
    }
  }

  /**
   * general-ciphering [221]: its header. What its keys would open is not read here (identified,
   * wrapped or agreed keys belong to the associations' side).
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  record GeneralCiphering(
      byte[] transactionId,
      byte[] originatorSystemTitle,
      byte[] recipientSystemTitle,
      byte[] dateTime,
      byte[] otherInformation,
      KeyInfo keyInfo,
      byte[] content)
      implements Apdu {
    /** Which key, as the optional key-info says. */
    public enum KeyInfo {
      NONE("no key-info"),
      IDENTIFIED("an identified key"),
      WRAPPED("a wrapped key"),
      AGREED("an agreed key");

      private final String words;

      KeyInfo(String words) {
        this.words = words;
      }

      /** For a message to a person. */
      public String words() {
        return words;
      }
    }

    public GeneralCiphering {
      transactionId = transactionId.clone();
      originatorSystemTitle = originatorSystemTitle.clone();
      recipientSystemTitle = recipientSystemTitle.clone();
      dateTime = dateTime.clone();
      otherInformation = otherInformation.clone();
      content = content.clone();
    }

    @Override
    public byte[] transactionId() {
      return transactionId.clone();
    }

    @Override
    public byte[] originatorSystemTitle() {
      return originatorSystemTitle.clone();
    }

    @Override
    public byte[] recipientSystemTitle() {
      return recipientSystemTitle.clone();
    }

    @Override
    public byte[] dateTime() {
      return dateTime.clone();
    }

    @Override
    public byte[] otherInformation() {
      return otherInformation.clone();
    }

    @Override
    public byte[] content() {
      return content.clone();
    }

    @Override
    public int tag() {
      return ApduTag.GENERAL_CIPHERING;
    }
  }

  /** Any other APDU that the standard names, as it came. */
  final class Unknown implements Apdu {
    private final byte[] bytes;

    Unknown(byte[] owned) {
      this.bytes = owned;
    }

    /** The whole APDU with its tag, a copy. */
    public byte[] bytes() {
      return bytes.clone();
    }

    @Override
    public int tag() {
      return bytes[0] & 0xFF;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Unknown that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return name() + "[" + bytes.length + " bytes]";
    }
  }
}
