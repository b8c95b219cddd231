package org.gridwarden.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets logging up as the configuration says; the framework is told to leave it alone. */
final class Logs {
  private Logs() {}

  static void apply(GridwardenConfig.Logging logging) {
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return; // a program that embeds the server logs its own way
    }
    context.reset();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(logging.level().name()));
    // the libraries' own chatter; at debug they would show statements and headers
    for (String chatty :
        new String[] {
          "org.apache",
          "org.springframework",
          "com.zaxxer",
          "org.flywaydb",
          "org.postgresql",
          "io.swagger",
          "org.springdoc",
          "org.hibernate",
          "_org.springframework"
        }) {
      context.getLogger(chatty).setLevel(Level.WARN);
    }
    // anybody can ask for what is not there, or speak no SSH, and would fill the log with it
    context.getLogger("org.apache.sshd").setLevel(Level.ERROR);
    // a warning a stranger's handshake, with where it came from in the code
    context.getLogger("org.eclipse.californium").setLevel(Level.ERROR);
    context.getLogger("org.springframework.web.servlet.PageNotFound").setLevel(Level.ERROR);
    if (logging.console()) {
      root.addAppender(console(context));
    }
    if (logging.toFile()) {
      root.addAppender(file(context, logging.file()));
    }
    if (!SLF4JBridgeHandler.isInstalled()) {
      SLF4JBridgeHandler.removeHandlersForRootLogger();
      SLF4JBridgeHandler.install();
    }
  }

  private static Appender<ILoggingEvent> console(LoggerContext context) {
    PatternLayoutEncoder lines = new PatternLayoutEncoder();
    lines.setContext(context);
    lines.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n%ex{12}");
    lines.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(lines);
    console.start();
    return console;
  }

  private static Appender<ILoggingEvent> file(LoggerContext context, Path path) {
    Encoder<ILoggingEvent> json = new JsonEncoder();
    json.setContext(context);
    json.start();
    RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
    SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling = new SizeAndTimeBasedRollingPolicy<>();
    file.setContext(context);
    file.setFile(path.toString());
    file.setEncoder(json);
    rolling.setContext(context);
    rolling.setParent(file);
    rolling.setFileNamePattern(path + ".%d.%i.gz");
    rolling.setMaxFileSize(new FileSize(64L << 20));
    rolling.setMaxHistory(30);
    rolling.setTotalSizeCap(new FileSize(1L << 30));
    rolling.start();
    file.setRollingPolicy(rolling);
    file.start();
    return file;
  }
}
