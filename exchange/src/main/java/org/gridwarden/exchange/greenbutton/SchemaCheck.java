package org.gridwarden.exchange.greenbutton;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.Source;
import javax.xml.transform.sax.SAXSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;

/**
 * Holds feeds against the schemas of ESPI 4.0, as they are published, and of Atom. Thread-safe; the
 * schemas are read once.
 */
public final class SchemaCheck {
  private static final int MOST = 200;
  private static final Pattern NAMESPACE = Pattern.compile("\"?(http://[^\"}\\s]*)\"?:");

  private static final class Held {
    static final Schema SCHEMA = load();
  }

  private SchemaCheck() {}

  private static Schema load() {
    try {
      SchemaFactory factory = SchemaFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      // these are the program's own: they import atom.xsd, which stands beside them
      factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "all");
      return factory.newSchema(new Source[] {source("espi.xsd"), source("customer.xsd")});
    } catch (SAXException e) {
      throw new IllegalStateException("the schemas in this program are broken", e);
    }
  }

  private static Source source(String name) {
    URL url = Objects.requireNonNull(SchemaCheck.class.getResource("schema/" + name), name);
    return new StreamSource(url.toExternalForm());
  }

  /**
   * Where a feed is not as the schemas say, the first two hundred places.
   *
   * @throws IOException where the stream fails
   */
  public static List<Finding> check(InputStream in) throws IOException {
    List<Finding> findings = new ArrayList<>();
    Collected collected = new Collected(findings);
    try {
      Validator validator = Held.SCHEMA.newValidator();
      validator.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      validator.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      validator.setErrorHandler(collected);
      validator.validate(new SAXSource(reader(), new InputSource(in)));
    } catch (SAXParseException e) {
      collected.add(e); // a fatal error, or one too many
    } catch (SAXException e) {
      findings.add(
          Finding.error(
              0, FeedCheck.FILE, String.valueOf(e.getMessage()), "write well-formed XML"));
    }
    return findings;
  }

  private static XMLReader reader() throws SAXException {
    try {
      SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newSAXParser().getXMLReader();
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("this Java has no XML parser", e);
    }
  }

  /** Gathers what the validator says, each place once. */
  private static final class Collected implements ErrorHandler {
    private final List<Finding> findings;

    Collected(List<Finding> findings) {
      this.findings = findings;
    }

    void add(SAXParseException e) {
      String message = NAMESPACE.matcher(String.valueOf(e.getMessage())).replaceAll("");
      int colon = message.indexOf(": ");
      String code = colon > 0 && message.startsWith("cvc-") ? message.substring(0, colon) : "";
      String what = code.isEmpty() ? message : message.substring(colon + 2);
      int line = Math.max(0, e.getLineNumber());
      // a wrong value is told twice: as one of its type and as one of its element
      if (!findings.isEmpty() && code.startsWith("cvc-type") && findings.getLast().line() == line) {
        return;
      }
      findings.add(
          Finding.error(line, code.isEmpty() ? FeedCheck.FILE : "schema", what, remedy(code)));
    }

    @Override
    public void warning(SAXParseException e) {
      // nothing that is wrong with the feed
    }

    @Override
    public void error(SAXParseException e) throws SAXException {
      add(e);
      if (findings.size() >= MOST) {
        throw new SAXParseException("there are more; mend these first", null, null, -1, -1);
      }
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
      throw e;
    }

    /** What mends it, by the rule of XML Schema that is broken. */
    private static String remedy(String code) {
      return switch (code) {
        case "cvc-complex-type.2.4.a", "cvc-complex-type.2.4.b" ->
            "write the elements that are named, in the schema's order";
        case "cvc-complex-type.2.4.c", "cvc-complex-type.2.4.d" ->
            "remove the element, or move it before the last one that may follow";
        case "cvc-complex-type.2.3", "cvc-complex-type.2.1" ->
            "remove the text between the elements";
        case "cvc-complex-type.3.2.2" -> "remove the attribute";
        case "cvc-complex-type.4" -> "add the attribute";
        case "cvc-elt.1.a", "cvc-elt.1" -> "name an element that the schema has";
        case "cvc-datatype-valid.1.2.1", "cvc-datatype-valid.1.2.3", "cvc-datatype-valid.1.2.2" ->
            "write a value of that type";
        case "cvc-enumeration-valid" -> "write one of the values";
        case "cvc-pattern-valid", "cvc-length-valid" -> "write it in that form";
        case "cvc-minInclusive-valid", "cvc-maxInclusive-valid" -> "write a value in the range";
        case "" -> "write well-formed XML without a document type";
        default -> "write it as the schema says (rule " + code + ")";
      };
    }
  }
}
