package org.gridwarden.channel.sip;

import java.util.Optional;
import java.util.Set;
import org.gridwarden.core.MeterId;

/**
 * A request, read as far as every one must be. Immutable.
 *
 * @param method as it stands: methods are told apart by case
 * @param target the Request-URI as it stands
 * @param uri the same, read
 * @param fields all of them
 * @param from who asks, by what is said
 * @param to whom it is for
 * @param callId of its call
 * @param number within its call
 */
record Request(
    String method,
    String target,
    SipUri uri,
    Fields fields,
    NameAddr from,
    NameAddr to,
    String callId,
    long number) {
  private static final long MOST_NUMBER = (1L << 31) - 1; // clause 8.1.1.5
  private static final int LONGEST_CALL_ID = 256;

  /** Methods of SIP that mean nothing here. */
  static final Set<String> OTHERS = Set.of("INVITE", "INFO", "UPDATE", "PRACK", "REFER", "PUBLISH");

  /**
   * Reads one.
   *
   * @throws SipException with the status that it is to be answered by
   */
  static Request of(Head head) throws SipException {
    String[] line = head.start().split(" ", -1);
    if (line.length != 3 || !Text.isToken(line[0])) {
      throw SipException.malformed("the start line is none");
    }
    if (!line[2].equalsIgnoreCase("SIP/2.0")) {
      throw line[2].regionMatches(true, 0, "SIP/", 0, 4)
          ? new SipException(505, "another version of SIP")
          : SipException.malformed("the start line is none");
    }
    Fields fields = head.fields();
    NameAddr from = NameAddr.parse(fields.must("from"));
    NameAddr to = NameAddr.parse(fields.must("to"));
    String callId = fields.must("call-id");
    String[] number = fields.must("cseq").split(" +", -1);
    if (callId.isEmpty() || callId.length() > LONGEST_CALL_ID || callId.indexOf(' ') >= 0) {
      throw SipException.malformed("the call has no id, or too long a one");
    }
    if (number.length != 2 || !number[1].equals(line[0])) {
      throw SipException.malformed("the field cseq is none, or of another method");
    }
    Optional<String> forwards = fields.one("max-forwards");
    if (forwards.isPresent()) {
      Text.number(forwards.get(), 255);
    }
    long sequence = Text.number(number[0], MOST_NUMBER);
    return new Request(line[0], line[1], SipUri.parse(line[1]), fields, from, to, callId, sequence);
  }

  /** The meter that it says it is of; empty where it says none. */
  Optional<MeterId> said() {
    return meter(from);
  }

  static Optional<MeterId> meter(NameAddr address) {
    try {
      return SipUri.parse(address.uri()).meter();
    } catch (SipException e) {
      return Optional.empty();
    }
  }

  /**
   * How long something is wanted for, in seconds; empty where nothing is said. What is too large a
   * number is the greatest one (clause 20.19 wants it taken so).
   */
  Optional<Long> expires() throws SipException {
    Optional<String> said = fields.one("expires");
    return said.isEmpty() ? Optional.empty() : Optional.of(seconds(said.get()));
  }

  static long seconds(String text) throws SipException {
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits && text.length() > 10 ? 1L << 32 : Text.number(text, 1L << 33);
  }
}
