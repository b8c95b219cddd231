package org.gridwarden.channel.amqp;

/** What came is no AMQP 1.0, or none that is spoken here; the message says what is wrong. */
final class AmqpException extends Exception {
  private static final long serialVersionUID = 1L;

  AmqpException(String message) {
    super(message);
  }

  AmqpException(String message, Throwable cause) {
    super(message, cause);
  }
}
