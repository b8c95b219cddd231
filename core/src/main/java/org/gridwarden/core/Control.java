package org.gridwarden.core;

/**
 * An order to a meter that changes something: breaker, price, clock, keys, firmware.
 *
 * @param meter to whom
 * @param id which command it belongs to
 * @param action what is to be done, a command vocabulary's word
 * @param parameters its encoded parameters
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record Control(MeterId meter, CommandId id, String action, byte[] parameters)
    implements Message {
  public Control {
    parameters = parameters.clone();
  }

  @Override
  public byte[] parameters() {
    return parameters.clone();
  }

  @Override
  public Category category() {
    return Category.OPERATION;
  }
}
