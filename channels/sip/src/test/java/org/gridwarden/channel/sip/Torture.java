package org.gridwarden.channel.sip;

import java.util.List;

/**
 * Torture messages in the manner of RFC 4475, written for this registrar, each with how it is to be
 * answered; 0 is not at all. Those of the RFC have its name for them.
 *
 * @param name for people
 * @param status what is answered
 * @param where by which transports it can be said at all
 * @param text with LF where CRLF is meant
 */
record Torture(String name, int status, Where where, String text) {
  /** What a case makes sense over. */
  enum Where {
    BOTH,
    DATAGRAM
  }

  private static Torture of(String name, int status, String text) {
    return new Torture(name, status, Where.BOTH, text);
  }

  private static Torture datagram(String name, int status, String text) {
    return new Torture(name, status, Where.DATAGRAM, text);
  }

  @Override
  public String toString() {
    return name + " -> " + status;
  }

  /** A request that is well but for what is changed in it. */
  private static String changed(String method, String start, String from, String to) {
    String whole =
        """
        %1$s %2$s SIP/2.0
        Via: SIP/2.0/UDP host1.example.com;branch=z9hG4bKkdjuw
        Max-Forwards: 70
        From: <sip:caller@example.net>;tag=93334
        To: <sip:user@example.com>
        Call-ID: torture.239423@example.net
        CSeq: 8 %1$s
        Content-Length: 0

        """
            .formatted(method, start);
    if (!whole.contains(from)) {
      throw new IllegalArgumentException(from);
    }
    return whole.replace(from, to);
  }

  private static String options(String from, String to) {
    return changed("OPTIONS", "sip:user@example.com", from, to);
  }

  private static String with(String field) {
    return options("Content-Length: 0\n", field + "\nContent-Length: 0\n");
  }

  private static final String TORTUOUS =
      """
      OPTIONS sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
      TO :
       sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
      from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>
        ;
        tag = 98asjd8
      MaX-fOrWaRdS: 0068
      Call-ID: wsinv.ndaksdj@192.0.2.1
      Content-Length   : 0
      cseq: 0009
        OPTIONS
      Via  : SIP  /   2.0
       /UDP
          192.0.2.2;branch=390skdjuw
      s :
      NewFangledHeader:   newfangled value
       continued newfangled value
      UnknownHeaderWithUnusualValue: ;;,,;;,;
      Route:
       <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
      v:  SIP  / 2.0  / TCP     spindle.example.com   ;
        branch  =   z9hG4bK9ikj8  ,
       SIP  /    2.0   / UDP  192.168.255.111   ; branch=
       z9hG4bK30239
      m:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =
            newvalue ;
        secondparam ; q = 0.33

      """;

  static List<Torture> all() {
    return List.of(
        of("wsinv: short and tortuous", 200, TORTUOUS),
        of(
            "intmeth: all characters that a method may have",
            501,
            changed(
                "!interesting-Method0123456789_*+`.%indeed'~",
                "sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com",
                "From: <sip:caller@example.net>",
                "From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>")),
        of(
            "esc01: escapes in a URI",
            200,
            changed(
                "OPTIONS", "sip:sips%3Auser%40example.com@example.net", "tag=93334", "tag=%25")),
        of(
            "escnull: an escaped NUL in a name",
            401,
            changed(
                "REGISTER",
                "sip:example.com",
                "To: <sip:user@example.com>",
                "To: sip:null-%00-null@example.com")),
        of(
            "esc02: escapes where there are none",
            501,
            changed("RE%47IST%45R", "sip:registrar.example.com", "tag=93334", "tag=f232jadfj23")),
        of("lwsdisp: a name without a space", 200, options("From: <sip", "From: caller<sip")),
        of(
            "longreq: long values",
            200,
            options(
                "To: <sip:user@example.com>",
                "To: \"I have a user name of extreme"
                    + " proportion".repeat(60)
                    + "\" <sip:user@example.com:6000;unknownparam1=very"
                    + "long".repeat(40)
                    + ">")),
        of("longer than a head may be", 0, with("X: " + "long".repeat(1_100))),
        datagram(
            "longer than a datagram may be",
            513,
            options("h: 0\n", "h: 4200\n") + "long".repeat(1_050)),
        datagram(
            "dblreq: another request behind the first",
            401,
            changed("REGISTER", "sip:example.com", "8 REGISTER", "8 REGISTER")
                + changed("INVITE", "sip:joe@example.com", "8 INVITE", "8 INVITE")),
        of(
            "semiuri: semicolons in a user's name",
            200,
            changed("OPTIONS", "sip:user;par=u%40example.net@example.com", "8 OPT", "8 OPT")),
        of(
            "transports: five of them",
            200,
            options(
                "Via: ",
                "Via: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw2\n"
                    + "Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf\n"
                    + "Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj\n"
                    + "Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en\n"
                    + "Via: ")),
        of("badinv01: separators for nothing", 0, options("Kkdjuw", "Kkdjuw;;,;,,")),
        of("badinv01: the same in the sender", 400, options(";tag=93334", ";;;tag=93334;;")),
        datagram("clerr: the body is longer", 400, options("Length: 0", "Length: 9999")),
        datagram("an announcement of two gigabytes", 513, options("h: 0", "h: 2147483647")),
        of("a length beyond all numbers", 400, options("h: 0", "h: 36893488147419103232")),
        of("ncl: a negative length", 400, options("Length: 0", "Length: -999")),
        of("a length with a sign", 400, options("Length: 0", "Length: +0")),
        of("scalar02: a number in its call beyond all", 400, options("8 OPT", "36893488147 OPT")),
        of("scalar02: too many forwards", 400, options("Forwards: 70", "Forwards: 300")),
        of(
            "scalar02: a time beyond all",
            401,
            changed(
                "REGISTER",
                "sip:example.com",
                "Content-Length: 0\n",
                "Expires: 10000000000000000000000000000\nContent-Length: 0\n")),
        of("quotbal: a quote without an end", 400, options("From: <", "From: \"Mr J. User <")),
        of("quotbal: likewise in To", 400, options("To: <", "To: \"Mr J. User <")),
        of("ltgtruri: brackets in the start line", 400, changed("OPTIONS", "<sip:u@e>", "u", "u")),
        of("lwsruri: a space in it", 400, changed("OPTIONS", "sip:u@e; lr", "sip:u", "sip:u")),
        of("lwsstart: more spaces than two", 400, changed("OPTIONS", " sip:u@e", "u", "u")),
        of("trws: a space at its end", 400, options(" SIP/2.0\nVia", " SIP/2.0  \nVia")),
        of(
            "escruri: fields in it",
            400,
            changed("OPTIONS", "sip:u@e?Route=%3Csip:example.com%3E", "u", "u")),
        of("an escape that is none", 400, changed("OPTIONS", "sip:us%4@e", "us", "us")),
        of("no host", 400, changed("OPTIONS", "sip:user@", "user", "user")),
        of("baddate: no date", 200, with("Date: Fri, 01 Jan 2010 16:00:00 EST")),
        of("badaspec: spaces in an address", 400, options("To: <sip:", "To: \"W\" < sip:")),
        of("baddn: a name that needs quotes", 400, options("From: <", "From: Bell, Alexander <")),
        of("badvers: another version", 505, options("SIP/2.0\nVia", "SIP/7.0\nVia")),
        of("no SIP at all", 400, options("SIP/2.0\nVia", "HTTP/1.1\nVia")),
        of("mismatch01: two methods", 400, options("8 OPTIONS", "8 INVITE")),
        of(
            "mismatch02: two methods, one unknown",
            400,
            changed("NEWMETHOD", "sip:u@e", "8 NEWMETHOD", "8 INVITE")),
        of(
            "bigcode: a status beyond all",
            0,
            options(
                "OPTIONS sip:user@example.com SIP/2.0",
                "SIP/2.0 4294967301 better not break the receiver")),
        of(
            "scalarlg, noreason: an answer that nobody waits for",
            0,
            options("OPTIONS sip:user@example.com SIP/2.0", "SIP/2.0 100 ")),
        of(
            "bcast: an answer by way of everybody",
            0,
            options("OPTIONS sip:user@example.com SIP/2.0", "SIP/2.0 200 OK")
                .replace("host1.example.com", "255.255.255.255")),
        of("badbranch: the cookie alone", 200, options("z9hG4bKkdjuw", "z9hG4bK")),
        of("inv2543: no branch", 200, options(";branch=z9hG4bKkdjuw", "")),
        of("insuf: no call", 400, options("Call-ID: torture.239423@example.net\n", "")),
        of(
            "insuf: nobody who asks",
            400,
            options("From: <sip:caller@example.net>;tag=93334\n", "")),
        of("insuf: no number", 400, options("CSeq: 8 OPTIONS\n", "")),
        of(
            "insuf: no way back",
            0,
            options("Via: SIP/2.0/UDP host1.example.com;branch=z9hG4bKkdjuw\n", "")),
        of(
            "unkscm: a scheme that nobody knows",
            416,
            changed("OPTIONS", "nobodyKnowsThisScheme:totallyopaquecontent", "8 O", "8 O")),
        of(
            "novelsc: another one",
            416,
            changed("OPTIONS", "soap.beep://192.0.2.103:3002", "8 O", "8 O")),
        of(
            "unksm2: such in To",
            401,
            changed("REGISTER", "sip:example.com", "<sip:user@example.com>", "isbn:2983792873")),
        of(
            "bext01: extensions that nobody supports",
            420,
            with("Require: nothingSupportsThis, nothingSupportsThisEither")),
        of(
            "regaut01: a scheme of proof that nobody knows",
            401,
            changed(
                "REGISTER",
                "sip:example.com",
                "Content-Length: 0\n",
                "Authorization: NoOneKnowsThisScheme opaque-data=here\nContent-Length: 0\n")),
        of(
            "a digest of which half is missing",
            401,
            changed(
                "REGISTER",
                "sip:example.com",
                "Content-Length: 0\n",
                "Authorization: Digest username=\"GW-0000001\", algorithm=SHA-256,"
                    + " realm=\"gridwarden\"\nContent-Length: 0\n")),
        of(
            "a digest with a quote that does not end",
            400,
            changed(
                "REGISTER",
                "sip:example.com",
                "Content-Length: 0\n",
                "Authorization: Digest username=\"GW-0000001\n" + "Content-Length: 0\n")),
        of("multi01: two numbers", 400, with("CSeq: 59 OPTIONS")),
        of("multi01: two who ask", 400, with("From: <sip:other@example.net>;tag=1")),
        of("mcl01: two lengths", 400, with("Content-Length: 13")),
        of("zeromf: no forwards left", 200, options("Forwards: 70", "Forwards: 0")),
        of("a call that there is not", 481, changed("BYE", "sip:u@e", "8 BYE", "8 BYE")),
        of(
            "a notice that nobody subscribed to",
            481,
            changed("NOTIFY", "sip:u@e", "8 NOTIFY", "8 NOTIFY")),
        of("a telephone call", 405, changed("INVITE", "sip:u@e", "8 INVITE", "8 INVITE")),
        of("what ends one", 0, changed("ACK", "sip:u@e", "8 ACK", "8 ACK")),
        of("sixty-five fields", 0, with("X: y\n".repeat(65).strip())),
        of("a control character in a field", 0, with("Subject: a\u0007b")),
        of("a NUL in a quoted pair, as intmeth has it", 0, with("Subject: \"\\\0\"")),
        of("a line's end of its own kind", 0, with("Subject: a\rb")),
        of("a line that is no field", 0, with("what is this")),
        of("a field's name with a space", 0, with("Sub ject: x")),
        datagram(
            "a head without an end", 0, options("Content-Length: 0\n\n", "Content-Length: 0\n")),
        datagram("nothing", 0, "\0"),
        datagram("no text", 0, "\u00ff\u0000\u0016\u0003\u0001\n\n"));
  }
}
