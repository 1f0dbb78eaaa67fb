package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.catalog.Access;
import akkasinks.catalog.Role;
import akkasinks.catalog.Verifier;
import akkasinks.cluster.KnownPasswords;
import akkasinks.command.Asker;
import akkasinks.command.Asker.Login;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Who may come in. Every front asks here before it takes a statement, with the catalog's roles as
 * they are at that moment: what ALTER ROLE changes holds for the next login, and for the next
 * request over HTTP.
 */
public final class Logins {
  private final Optional<Keeper> keeper;

  /**
   * @param roles the catalog's
   * @param superuser what proves the configured superuser's password
   */
  private record Keeper(
      Supplier<CompletionStage<Access>> roles,
      Verifier superuser,
      Stranger stranger,
      KnownPasswords known,
      Tokens tokens,
      Executor blocking) {}

  private Logins(Optional<Keeper> keeper) {
    this.keeper = keeper;
  }

  /** Everyone is let in, and may do everything. */
  public static Logins open() {
    return new Logins(Optional.empty());
  }

  static Logins required(
      Supplier<CompletionStage<Access>> roles,
      Verifier superuser,
      Stranger stranger,
      Tokens tokens,
      Executor blocking) {
    return new Logins(
        Optional.of(
            new Keeper(roles, superuser, stranger, new KnownPasswords(), tokens, blocking)));
  }

  /** Whether a client must say who it is, and prove it. */
  public boolean required() {
    return keeper.isPresent();
  }

  /**
   * Whom a client claims to be.
   *
   * @param verifier of a role that cannot log in, or is not there, one that nothing proves
   */
  public record Claim(String name, Optional<Role> role, Verifier verifier) {}

  /** For a front that lets the client prove the password itself (SCRAM). */
  public CompletionStage<Claim> claim(String name) {
    Keeper here = keeper.orElseThrow();
    // The superuser is known also while the catalog is away.
    return (name.equals(Asker.SUPERUSER_NAME)
            ? CompletableFuture.completedFuture(Access.NONE)
            : here.roles().get())
        .thenApply(
            access -> {
              Optional<Role> role = access.named(name);
              return new Claim(
                  name,
                  role,
                  role.flatMap(known -> verifier(here, known))
                      .orElseGet(() -> here.stranger().verifier(name)));
            });
  }

  /**
   * After a client has proven the claim, or has not.
   *
   * @throws akkasinks.base.FailureException WRONG_PASSWORD, AUTHENTICATION if the role may not log
   *     in
   */
  public Asker settled(Claim claim, boolean proven, String from, Login login) {
    if (!proven || claim.role().isEmpty()) {
      throw refused(claim.name(), from, login);
    }
    Role role = claim.role().get();
    if (!role.login()) {
      Audit.refusedLogin(role.name(), from, login);
      throw Failure.of(
              Code.AUTHENTICATION, "role \"" + role.name() + "\" is not permitted to log in")
          .exception();
    }
    return new Asker(role.id(), role.name(), from, login);
  }

  /** The asker is in. */
  public void enter(Asker asker) {
    Audit.login(asker);
  }

  /**
   * A password in clear. Fails as {@link #settled} does; takes milliseconds of the processor, but
   * not again for a password that was right a moment ago.
   */
  public CompletionStage<Asker> password(String name, String password, String from) {
    Keeper here = keeper.orElseThrow();
    return claim(name)
        .thenApplyAsync(
            claim ->
                settled(
                    claim,
                    here.known().accepts(claim.verifier(), name, password),
                    from,
                    Login.BASIC),
            here.blocking());
  }

  /** A token that {@link #token} gave. Fails with WRONG_PASSWORD if it is not valid any more. */
  public CompletionStage<Asker> bearer(String token, String from) {
    Keeper here = keeper.orElseThrow();
    return here.roles()
        .get()
        .thenApply(
            access ->
                here.tokens()
                    .role(token)
                    .flatMap(access::role)
                    .filter(Role::login)
                    .filter(
                        role ->
                            verifier(here, role)
                                .filter(v -> here.tokens().isValid(token, v))
                                .isPresent())
                    .map(role -> new Asker(role.id(), role.name(), from, Login.BEARER))
                    .orElseThrow(
                        () -> {
                          Audit.refusedLogin("", from, Login.BEARER);
                          return Failure.of(Code.WRONG_PASSWORD, "the token is not valid")
                              .hint("It may have run out: get a new one with POST /api/token.")
                              .exception();
                        }));
  }

  /** A token for whoever has logged in, good for an hour or until the password changes. */
  public CompletionStage<Token> token(Asker asker) {
    Keeper here =
        keeper.orElseThrow(
            () ->
                Failure.of(Code.PREREQUISITE, "this node asks nobody for a token")
                    .hint("See akkasinks.auth.required.")
                    .exception());
    return here.roles()
        .get()
        .thenApply(
            access ->
                access
                    .role(asker.role())
                    .flatMap(role -> verifier(here, role))
                    .map(verifier -> here.tokens().of(asker.role(), verifier))
                    .orElseThrow(() -> refused(asker.name(), asker.from(), asker.login())));
  }

  /**
   * @param seconds that it is good for
   */
  public record Token(String text, long seconds) {
    @Override
    public String toString() {
      return "Token[<redacted>]";
    }
  }

  private static Optional<Verifier> verifier(Keeper here, Role role) {
    return role.id().equals(Asker.SUPERUSER)
        ? Optional.of(here.superuser())
        : Verifier.parse(role.verifier());
  }

  private static FailureException refused(String name, String from, Login login) {
    Audit.refusedLogin(name, from, login);
    return Failure.of(
            Code.WRONG_PASSWORD, "password authentication failed for user \"" + name + "\"")
        .exception();
  }
}
