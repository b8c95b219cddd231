package org.gridwarden.channel.coap;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;

/**
 * Cuts answers into blocks (RFC 7959, Block2). Nothing is kept: each block is cut from the whole
 * answer, which is made anew, and the ETag tells whether it is still the same. Pure functions.
 */
final class Slices {
  private static final int ETAG = 8;

  private Slices() {}

  /**
   * An answer as it goes out.
   *
   * @param whole with all of its payload
   * @param longest of a block that is not asked for smaller, in bytes
   */
  static Response cut(Request request, Response whole, int longest) {
    byte[] body = Ask.payload(whole);
    BlockOption asked = request.getOptions().getBlock2();
    if (asked == null && body.length <= longest) {
      return whole;
    }
    if (asked != null && asked.isBERT()) {
      return new Response(ResponseCode.BAD_OPTION);
    }
    int szx = BlockOption.size2Szx(longest);
    if (asked != null) {
      szx = Math.min(szx, asked.getSzx());
    }
    int size = BlockOption.szx2Size(szx);
    // a later block of a larger size than is served begins where it says, in blocks of ours
    long from = asked == null ? 0 : asked.getOffset();
    if (from > 0 && from >= body.length) {
      return new Response(ResponseCode.BAD_REQUEST);
    }
    int to = (int) Math.min(body.length, from + size);
    Response part = new Response(whole.getCode());
    part.setOptions(whole.getOptions());
    part.getOptions().setBlock2(szx, to < body.length, (int) (from / size));
    if (from == 0) {
      part.getOptions().setSize2(body.length);
    }
    if (part.getOptions().getETagCount() == 0) {
      part.getOptions().addETag(etag(body));
    }
    part.setPayload(Arrays.copyOfRange(body, (int) from, to));
    return part;
  }

  /** What was asked for with its validator; without its body for who has that already. */
  static Response validated(Request request, Response whole) {
    if (whole.getCode() != ResponseCode.CONTENT) {
      return whole;
    }
    if (whole.getOptions().getETagCount() == 0) {
      whole.getOptions().addETag(etag(Ask.payload(whole)));
    }
    byte[] tag = whole.getOptions().getETags().getFirst();
    if (request.getOptions().getETags().stream().noneMatch(has -> Arrays.equals(has, tag))) {
      return whole;
    }
    Response valid = new Response(ResponseCode.VALID);
    valid.getOptions().addETag(tag);
    return valid;
  }

  static byte[] etag(byte[] body) {
    try {
      return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(body), ETAG);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
