package org.gridwarden.message;

import java.util.Optional;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Control;
import org.gridwarden.core.Message;
import org.gridwarden.core.Request;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Warning;

/** The five classes of core's messages, as they are numbered on the wire. */
public enum MessageClass {
  CONTROL(1),
  REQUEST(2),
  BILLING(3),
  USAGE(4),
  WARNING(5);

  private final int number;

  MessageClass(int number) {
    this.number = number;
  }

  /** 1 to 5. */
  public int number() {
    return number;
  }

  /** The word that topics and paths have for it. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The class that a number is. */
  static Optional<MessageClass> of(long number) {
    return number < 1 || number > 5 ? Optional.empty() : Optional.of(values()[(int) number - 1]);
  }

  /** The class that a word is. */
  public static Optional<MessageClass> of(String word) {
    for (MessageClass kind : values()) {
      if (kind.word().equals(word)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** The class of a message. */
  public static MessageClass of(Message message) {
    return switch (message) {
      case Control _ -> CONTROL;
      case Request _ -> REQUEST;
      case Billing _ -> BILLING;
      case Usage _ -> USAGE;
      case Warning _ -> WARNING;
    };
  }
}
