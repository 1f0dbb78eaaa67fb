package akkasinks.sql;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.command.Command;
import akkasinks.command.Command.AlterRole;
import akkasinks.command.Command.CreateRole;
import akkasinks.command.Command.DropRole;
import akkasinks.command.Command.Granted;
import akkasinks.command.Command.Kind;
import akkasinks.command.Command.Name;
import akkasinks.command.Command.PasswordChange;
import akkasinks.command.Command.Plaintext;
import akkasinks.command.Command.Privilege;
import akkasinks.command.Command.RoleAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** CREATE, ALTER and DROP ROLE, GRANT and REVOKE, in PostgreSQL's spelling. */
final class RoleRules {
  private static final String ROLE = "the role's name";

  /** What PostgreSQL's roles have besides. */
  private static final Set<String> NOT_HERE =
      Set.of(
          "CREATEDB",
          "NOCREATEDB",
          "CREATEROLE",
          "NOCREATEROLE",
          "INHERIT",
          "NOINHERIT",
          "REPLICATION",
          "NOREPLICATION",
          "BYPASSRLS",
          "NOBYPASSRLS",
          "CONNECTION",
          "VALID",
          "IN",
          "ROLE",
          "ADMIN");

  private RoleRules() {}

  /**
   * @param user CREATE USER: it may log in unless told otherwise
   */
  static Command create(Tokens tokens, boolean user) {
    Name name = tokens.name(ROLE);
    RoleAttributes given = attributes(tokens);
    Optional<Boolean> login = user ? given.login().or(() -> Optional.of(true)) : given.login();
    return new CreateRole(name, new RoleAttributes(login, given.superuser(), given.password()));
  }

  static Command alter(Tokens tokens) {
    Name name = tokens.name(ROLE);
    if (tokens.peek().isWord("RENAME") || tokens.peek().isWord("SET")) {
      throw Tokens.notSupported(
          "ALTER ROLE " + tokens.peek().upper() + " is not supported", tokens.peek().position());
    }
    if (tokens.peek().endsStatement()) {
      throw tokens.expected(options());
    }
    return new AlterRole(name, attributes(tokens));
  }

  private static RoleAttributes attributes(Tokens tokens) {
    tokens.accept("WITH");
    Optional<Boolean> login = Optional.empty();
    Optional<Boolean> superuser = Optional.empty();
    PasswordChange password = new PasswordChange.Keep();
    while (!tokens.peek().endsStatement()) {
      Token option = tokens.peek();
      switch (option.upper()) {
        case "LOGIN", "NOLOGIN" -> {
          once(login.isPresent(), option);
          login = Optional.of(tokens.next().isWord("LOGIN"));
        }
        case "SUPERUSER", "NOSUPERUSER" -> {
          once(superuser.isPresent(), option);
          superuser = Optional.of(tokens.next().isWord("SUPERUSER"));
        }
        case "PASSWORD", "ENCRYPTED" -> {
          once(!(password instanceof PasswordChange.Keep), option);
          password = password(tokens);
        }
        default -> {
          if (option.kind() == Token.Kind.WORD && NOT_HERE.contains(option.upper())) {
            throw Tokens.notSupported(
                "role option " + option.upper() + " is not supported", option.position());
          }
          throw tokens.expected(options());
        }
      }
    }
    return new RoleAttributes(login, superuser, password);
  }

  private static String options() {
    return Tokens.oneOf("LOGIN", "NOLOGIN", "PASSWORD", "SUPERUSER", "NOSUPERUSER");
  }

  private static void once(boolean again, Token option) {
    if (again) {
      throw Failure.of(Code.SYNTAX_ERROR, "conflicting or redundant options")
          .at(option.position())
          .exception();
    }
  }

  private static PasswordChange password(Tokens tokens) {
    tokens.accept("ENCRYPTED");
    tokens.expect("PASSWORD");
    tokens.discreet(true);
    return tokens.accept("NULL")
        ? new PasswordChange.Remove()
        : new PasswordChange.To(new Plaintext(tokens.string("the password as a string, or NULL")));
  }

  static Command drop(Tokens tokens) {
    boolean ifExists = tokens.ifExists();
    return new DropRole(names(tokens, ROLE), ifExists);
  }

  static Command grant(Tokens tokens) {
    Privilege privilege = privilege(tokens);
    Granted on = on(tokens, privilege);
    tokens.expect("TO");
    Command grant = new Command.Grant(privilege, on, roles(tokens));
    if (tokens.peek().isWord("WITH") || tokens.peek().isWord("GRANTED")) {
      throw Tokens.notSupported(
          "GRANT … " + tokens.peek().upper() + " is not supported", tokens.peek().position());
    }
    return grant;
  }

  static Command revoke(Tokens tokens) {
    if (tokens.peek().isWord("GRANT")) {
      throw Tokens.notSupported("REVOKE GRANT OPTION is not supported", tokens.peek().position());
    }
    Privilege privilege = privilege(tokens);
    Granted on = on(tokens, privilege);
    tokens.expect("FROM");
    return new Command.Revoke(privilege, on, roles(tokens));
  }

  private static Privilege privilege(Tokens tokens) {
    if (tokens.accept("USAGE")) {
      return Privilege.USAGE;
    }
    if (tokens.accept("CREATE")) {
      return Privilege.CREATE;
    }
    boolean member =
        tokens.peek().isName()
            && (tokens.peek(1).isWord("TO")
                || tokens.peek(1).isWord("FROM")
                || tokens.peek(1).is(","));
    if (member) {
      throw Tokens.notSupported(
          "membership of a role in another is not supported", tokens.peek().position());
    }
    throw tokens.expected(Tokens.oneOf("USAGE", "CREATE"));
  }

  private static Granted on(Tokens tokens, Privilege privilege) {
    tokens.expect("ON");
    if (privilege == Privilege.CREATE) {
      tokens.expect("SCHEMA");
      return new Granted.Schema(tokens.name("the schema's name"));
    }
    for (Kind kind : Kind.values()) {
      if (tokens.accept(kind.name())) {
        return new Granted.Objects(
            kind, names(tokens, "the " + kind.name().toLowerCase(Locale.ROOT) + "'s name"));
      }
    }
    throw tokens.expected(Tokens.oneOf("SECRET", "CONNECTION", "SOURCE"));
  }

  private static List<Name> roles(Tokens tokens) {
    List<Name> roles = new ArrayList<>();
    do {
      tokens.accept("GROUP");
      roles.add(tokens.name(ROLE));
    } while (tokens.acceptSymbol(","));
    return roles;
  }

  private static List<Name> names(Tokens tokens, String what) {
    List<Name> names = new ArrayList<>();
    do {
      names.add(tokens.name(what));
    } while (tokens.acceptSymbol(","));
    return names;
  }
}
