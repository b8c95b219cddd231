package org.gridwarden.core;

/**
 * A command under its operator's signature.
 *
 * @param id which command
 * @param meter to whom
 * @param signed the signed bytes
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record SignedCommand(CommandId id, MeterId meter, byte[] signed) {
  public SignedCommand {
    signed = signed.clone();
  }

  @Override
  public byte[] signed() {
    return signed.clone();
  }
}
