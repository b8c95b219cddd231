package org.gridwarden.channel.xmpp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a stream into its opening tag and its stanzas, by bytes and before any parser sees them: a
 * stream is one endless document, and a parser that reads it whole never forgets. What XMPP forbids
 * (comments, document types, instructions: RFC 6120, 11.1) ends it, and so does a stanza that is
 * longer than allowed; that it is well-formed is {@link ElementReader}'s to say. One thread.
 */
final class StreamCutter {
  private static final byte[] CDATA = "[CDATA[".getBytes(StandardCharsets.US_ASCII);

  private final int longest;
  private final ByteArrayOutputStream piece = new ByteArrayOutputStream(1024);
  private State state = State.TEXT;
  private int depth;
  private int quote;
  private int last;
  private int matched;
  private boolean declared;

  private enum State {
    TEXT,
    OPENED,
    DECLARATION,
    START,
    END,
    CDATA_BEGIN,
    CDATA,
    OVER
  }

  /** What was cut. */
  sealed interface Piece {
    /**
     * The stream's opening tag.
     *
     * @param tag not closed
     */
    @SuppressWarnings("ArrayRecordComponent") // made for who reads it
    record Opened(byte[] tag) implements Piece {}

    /** A whole element within the stream. */
    @SuppressWarnings("ArrayRecordComponent") // made for who reads it
    record Stanza(byte[] bytes) implements Piece {}

    /** The stream's closing tag. */
    record Closed() implements Piece {}
  }

  /**
   * @param longest how many bytes a stanza has at most
   */
  StreamCutter(int longest) {
    this.longest = longest;
  }

  /**
   * Takes what was read; gives the pieces that are whole now.
   *
   * @throws XmppException where it is no stream of XMPP; it is of no use afterwards
   */
  List<Piece> take(byte[] bytes, int length) throws XmppException {
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      take(bytes[i], pieces);
    }
    return pieces;
  }

  private void take(byte b, List<Piece> pieces) throws XmppException {
    switch (state) {
      case TEXT -> text(b);
      case OPENED -> opened(b);
      case DECLARATION -> {
        keep(b);
        if (b == '>') {
          declared = true;
          state = State.TEXT;
        }
      }
      case START -> start(b, pieces);
      case END -> {
        keep(b);
        if (b == '>') {
          state = State.TEXT;
          depth--;
          ended(pieces);
        }
      }
      case CDATA_BEGIN -> {
        keep(b);
        if (b != CDATA[matched]) {
          throw new XmppException("XMPP has neither comments nor document types");
        }
        matched++;
        if (matched == CDATA.length) {
          matched = 0;
          state = State.CDATA;
        }
      }
      case CDATA -> {
        keep(b);
        if (b == '>' && matched >= 2) {
          state = State.TEXT;
        }
        matched = b == ']' ? matched + 1 : 0;
      }
      case OVER -> {
        if (!isSpace(b)) {
          throw new XmppException("something stands behind the stream's end");
        }
      }
    }
    last = b;
  }

  private void text(byte b) throws XmppException {
    if (b == '<') {
      if (depth <= 1) {
        piece.reset();
      }
      keep(b);
      state = State.OPENED;
    } else if (depth > 1) {
      keep(b);
    } else if (!isSpace(b)) {
      throw new XmppException("text stands between stanzas");
    }
  }

  private void opened(byte b) throws XmppException {
    keep(b);
    boolean letter = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b < 0;
    if (b == '/' && depth > 0) {
      state = State.END;
    } else if (b == '?' && depth == 0 && !declared) {
      state = State.DECLARATION;
    } else if (b == '!' && depth > 1) {
      matched = 0;
      state = State.CDATA_BEGIN;
    } else if (letter) {
      quote = 0;
      state = State.START;
    } else {
      throw new XmppException("XMPP has no such mark-up");
    }
  }

  private void start(byte b, List<Piece> pieces) throws XmppException {
    keep(b);
    if (quote != 0) {
      quote = b == quote ? 0 : quote;
    } else if (b == '\'' || b == '"') {
      quote = b;
    } else if (b == '<') {
      throw new XmppException("a tag stands in a tag");
    } else if (b == '>') {
      state = State.TEXT;
      if (depth == 0) {
        if (last == '/') {
          throw new XmppException("the stream ends where it begins");
        }
        depth = 1;
        pieces.add(new Piece.Opened(piece.toByteArray()));
      } else if (last == '/') {
        ended(pieces);
      } else if (depth > ElementReader.DEEPEST) {
        throw new XmppException("a stanza is nested too deep");
      } else {
        depth++;
      }
    }
  }

  /** An element has ended; how deep it stood is known by what is around it now. */
  private void ended(List<Piece> pieces) {
    if (depth == 0) {
      state = State.OVER;
      pieces.add(new Piece.Closed());
    } else if (depth == 1) {
      pieces.add(new Piece.Stanza(piece.toByteArray()));
    }
  }

  private void keep(byte b) throws XmppException {
    if (piece.size() >= longest) {
      throw new XmppException("a stanza has at most " + longest + " bytes");
    }
    piece.write(b);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
