package org.gridwarden.core;

/**
 * What somebody wants done to a meter.
 *
 * @param meter to whom
 * @param action a word of the command vocabulary
 * @param parameters its encoded parameters
 * @param reason why, in words that stand in the audit log
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record CommandRequest(MeterId meter, String action, byte[] parameters, String reason) {
  public CommandRequest {
    parameters = parameters.clone();
  }

  @Override
  public byte[] parameters() {
    return parameters.clone();
  }
}
