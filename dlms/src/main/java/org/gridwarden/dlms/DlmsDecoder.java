package org.gridwarden.dlms;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads whatever a meter sent: any link, ciphered or plain, any layout. For a person's eyes: where
 * no authentication key is given it decrypts all the same, and says that nothing proves the result.
 * Readings that are kept go through {@link LinkDecoder}, {@link Apdus}, {@link Ciphering} and
 * {@link PushLayouts} one by one instead. Thread-safe as long as its keys are not closed.
 */
public final class DlmsDecoder {
  private static final int MAX_LAYERS = 4;

  private final Optional<DlmsKeys> keys;
  private final byte[] systemTitle;
  private final PushLayouts layouts;
  private final MeterProfile profile;

  /** What was found. */
  public sealed interface Result {
    /**
     * A message.
     *
     * @param offset where its first frame began, in bytes from the first
     * @param link how it came
     * @param security how it was protected, in words; empty where it was not
     * @param systemTitle who protected it, upper-case hexadecimal; empty where it was not
     * @param frameCounter the invocation counter; -1 where it was not protected
     * @param apdu the innermost APDU; still {@link Apdu.Ciphered} where no key was given
     * @param push what a layout makes of it; empty where it is no push
     * @param profile by whose habits it was read
     */
    record Message(
        long offset,
        LinkInfo link,
        String security,
        String systemTitle,
        long frameCounter,
        Apdu apdu,
        Optional<Push> push,
        MeterProfile profile)
        implements Result {
      /** As one JSON object on one line. */
      public String json() {
        return MessageJson.of(this);
      }

      /**
       * As members of an object that is open, so that a caller can add its own.
       *
       * @param body instead of what the APDU itself says, where the whole value is known from
       *     elsewhere: of blocks that were joined
       */
      public void json(JsonLine into, Optional<DlmsData> body) {
        MessageJson.head(this, into);
        into.name("body");
        body.ifPresentOrElse(into::data, () -> MessageJson.body(apdu, into));
      }
    }

    /**
     * What is wrong.
     *
     * @param offset where the damaged frame began, in bytes from the first
     * @param what one clause for a person
     */
    record Problem(long offset, String what) implements Result {}
  }

  /**
   * @param keys the meter's, where known
   * @param systemTitle the meter's, for APDUs that name none; else of length 0
   */
  public DlmsDecoder(
      Optional<DlmsKeys> keys, byte[] systemTitle, PushLayouts layouts, MeterProfile profile) {
    this.keys = keys;
    this.systemTitle = systemTitle.clone();
    this.layouts = layouts;
    this.profile = profile;
  }

  /** Reads bytes that are all there. */
  public List<Result> decode(byte[] bytes) {
    List<Result> results = new ArrayList<>();
    try {
      decode(new ByteArrayInputStream(bytes), results::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array does not fail
    }
    return results;
  }

  /** Reads a stream to its end and tells each result as soon as it is there. */
  public void decode(InputStream in, Consumer<Result> to) throws IOException {
    read(in, this::decode, Result.Message.class::isInstance, to);
  }

  /**
   * Reads a stream to its end, with what each thing found is made into.
   *
   * @param opener makes something of an APDU, or of what is wrong
   * @param good whether that is a message
   * @param to told of each as soon as it is there
   */
  public static <R> void read(
      InputStream in,
      Function<? super LinkEvent, ? extends R> opener,
      Predicate<? super R> good,
      Consumer<? super R> to)
      throws IOException {
    LinkDecoder link = LinkDecoder.auto();
    byte[] chunk = new byte[8192];
    int n = in.read(chunk);
    if (n > 0 && chunk[0] == ApduTag.DATA_NOTIFICATION) {
      // a bare push is not delimited: where the whole input is one, it needs no search
      byte[] first = wholePush(chunk, n, in);
      R result = opener.apply(new LinkEvent.Pdu(LinkInfo.RAW, first, 0));
      if (good.test(result)) {
        to.accept(result);
        return;
      }
      link.feed(ByteBuffer.wrap(first));
      drain(link, opener, to);
      n = in.read(chunk);
    }
    for (; n >= 0; n = in.read(chunk)) {
      link.feed(ByteBuffer.wrap(chunk, 0, n));
      drain(link, opener, to);
    }
    link.finish();
    drain(link, opener, to);
  }

  private static byte[] wholePush(byte[] chunk, int n, InputStream in) throws IOException {
    byte[] rest = in.readNBytes(LinkDecoder.DEFAULT_MAX_APDU - n);
    byte[] whole = Arrays.copyOf(chunk, n + rest.length);
    System.arraycopy(rest, 0, whole, n, rest.length);
    return whole;
  }

  private static <R> void drain(
      LinkDecoder link, Function<? super LinkEvent, ? extends R> opener, Consumer<? super R> to) {
    for (Optional<LinkEvent> e = link.next(); e.isPresent(); e = link.next()) {
      to.accept(opener.apply(e.get()));
    }
  }

  /** What one event of a link says. */
  public Result decode(LinkEvent event) {
    return switch (event) {
      case LinkEvent.Bad(long offset, String what) -> new Result.Problem(offset, what);
      case LinkEvent.Pdu pdu -> decode(pdu);
    };
  }

  private Result decode(LinkEvent.Pdu pdu) {
    String layer = "its APDU";
    String security = "";
    String title = "";
    long counter = -1;
    try {
      Apdu apdu = Apdus.decode(pdu.apdu());
      for (int i = 0; i < MAX_LAYERS && apdu instanceof Apdu.Ciphered ciphered; i++) {
        boolean checked = keys.isPresent() && keys.get().canAuthenticate();
        security = security.isEmpty() ? words(ciphered, checked) : security;
        title = title.isEmpty() ? hex(ciphered) : title;
        counter = counter < 0 ? ciphered.invocationCounter() : counter;
        if (keys.isEmpty() && ciphered.control().encrypted()) {
          break;
        }
        byte[] plain = open(ciphered);
        layer = "its decrypted APDU";
        apdu = inner(ciphered, plain, checked);
      }
      if (apdu instanceof Apdu.GeneralCiphering general && title.isEmpty()) {
        security = "general-ciphering with " + general.keyInfo().words() + ", not opened";
        title = general.header().originator().hex();
      }
      if (apdu instanceof GeneralSigning) {
        throw DlmsException.unsupported(
            0, "general-signing is not supported: no signature is checked here");
      }
      Optional<Push> push =
          switch (apdu) {
            case Apdu.DataNotification p -> Optional.of(layouts.read(p, profile));
            case Apdu.EventNotification p -> Optional.of(layouts.read(p, profile));
            default -> Optional.empty();
          };
      return new Result.Message(
          pdu.offset(), pdu.link(), security, title, counter, apdu, push, profile);
    } catch (DlmsException e) {
      return new Result.Problem(
          pdu.offset(), "byte " + e.offset() + " of " + layer + ": " + e.getMessage());
    }
  }

  private byte[] open(Apdu.Ciphered ciphered) throws DlmsException {
    DlmsKeys with = keys.orElseGet(() -> DlmsKeys.of(new byte[0], new byte[0]));
    return with.canAuthenticate()
        ? Ciphering.unprotect(ciphered, systemTitle, with)
        : Ciphering.openUnchecked(ciphered, systemTitle, with);
  }

  private static Apdu inner(Apdu.Ciphered ciphered, byte[] plain, boolean checked)
      throws DlmsException {
    try {
      return Apdus.decode(plain);
    } catch (DlmsException e) {
      if (checked && ciphered.control().authenticated()) {
        throw e;
      }
      // without a tag that fits, a wrong key shows only here
      throw new DlmsException(
          e.kind(), e.offset(), e.getMessage() + "; the encryption key may be the wrong one");
    }
  }

  private static String words(Apdu.Ciphered ciphered, boolean checked) {
    SecurityControl control = ciphered.control();
    if (control.authenticated() && checked) {
      return control.toString();
    }
    String words =
        "suite "
            + control.suite()
            + (control.encrypted() ? ", encrypted" : "")
            + ", not authenticated"
            + (control.authenticated() ? " (tag not checked: no authentication key)" : "");
    return words
        + (control.broadcast() ? ", broadcast key" : "")
        + (control.compressed() ? ", compressed" : "");
  }

  private String hex(Apdu.Ciphered ciphered) {
    byte[] own = ciphered.rawSystemTitle();
    return HexFormat.of().withUpperCase().formatHex(own.length > 0 ? own : systemTitle);
  }
}
