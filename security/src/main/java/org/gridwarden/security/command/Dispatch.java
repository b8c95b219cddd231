package org.gridwarden.security.command;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.gridwarden.core.Secret;

/**
 * A signed order under the head-end's seal: COSE_Mac0 (RFC 9052, clause 6.2) with HMAC 256/256
 * under a key that the head-end shares with the one meter, and a counter that only grows. The meter
 * checks the seal before anything else: a stranger's bytes cost it one hash. Immutable.
 *
 * @param counter 0 to 2^63 - 1
 * @param order the COSE_Sign1 message
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record Dispatch(long counter, byte[] order) {
  private static final int TAG = 17;
  private static final int ALGORITHM = 1;
  private static final int PARTIAL_IV = 6;
  private static final int HMAC_256 = 5;
  private static final int MAC = 32;

  public Dispatch {
    if (counter < 0) {
      throw new IllegalArgumentException("a counter is not negative");
    }
    order = order.clone();
  }

  @Override
  public byte[] order() {
    return order.clone();
  }

  /**
   * The COSE_Mac0 message.
   *
   * @param key 32 bytes
   */
  public byte[] seal(Secret key) {
    byte[] header = header(counter);
    return Cbor.write(out -> {
      Cbor.tag(out, TAG);
      out.writeStartArray(null, 4);
      out.writeBinary(header);
      out.writeStartObject(null, 0);
      out.writeEndObject();
      out.writeBinary(order);
      out.writeBinary(mac(key, header, order));
      out.writeEndArray();
    });
  }

  /**
   * Opens a message.
   *
   * @throws CommandException where it is none, or not sealed by who has the key
   */
  public static Dispatch open(byte[] bytes, Secret key) throws CommandException {
    return Cbor.read(
        bytes,
        in -> {
          in.array(TAG);
          byte[] header = in.bytes("the protected header");
          in.map();
          in.endMap();
          byte[] order = in.bytes("the order");
          byte[] tag = in.bytes("the seal", MAC);
          in.end();
          if (!MessageDigest.isEqual(tag, mac(key, header, order))) {
            throw new CommandException("the seal is not by who has this meter's key");
          }
          long counter = counter(header);
          if (!Arrays.equals(header, header(counter))) {
            throw new CommandException("the header is not written in the one way");
          }
          return new Dispatch(counter, order);
        });
  }

  private static long counter(byte[] header) throws CommandException {
    return Cbor.read(
        header,
        map -> {
          map.map();
          map.key(ALGORITHM);
          if (map.number("the algorithm") != HMAC_256) {
            throw new CommandException("it is not sealed with HMAC 256/256");
          }
          map.key(PARTIAL_IV);
          long counter = java.nio.ByteBuffer.wrap(map.bytes("the counter", 8)).getLong();
          map.endMap();
          if (counter < 0) {
            throw new CommandException("the counter is too great");
          }
          return counter;
        });
  }

  private static byte[] header(long counter) {
    return Cbor.write(out -> {
      out.writeStartObject(null, 2);
      out.writePropertyId(ALGORITHM);
      out.writeNumber(HMAC_256);
      out.writePropertyId(PARTIAL_IV);
      out.writeBinary(java.nio.ByteBuffer.allocate(8).putLong(counter).array());
      out.writeEndObject();
    });
  }

  /** Over the MAC_structure (clause 6.3). */
  private static byte[] mac(Secret key, byte[] header, byte[] order) {
    byte[] structure =
        Cbor.write(out -> {
          out.writeStartArray(null, 4);
          out.writeString("MAC0");
          out.writeBinary(header);
          out.writeBinary(Purpose.DISPATCH.bytes());
          out.writeBinary(order);
          out.writeEndArray();
        });
    byte[] raw = key.copy();
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(raw, "HmacSHA256"));
      return mac.doFinal(structure);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC with SHA-256 is missing in this Java", e);
    } finally {
      Arrays.fill(raw, (byte) 0);
    }
  }
}
