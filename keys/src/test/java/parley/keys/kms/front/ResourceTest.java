package parley.keys.kms.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import parley.mikey.identity.Identity;

/// Paths are decoded once, and what is not canonical is nothing.
class ResourceTest {
  private static final String ROOT = "/keymanagement/identity/v1";

  @Test
  void readsTheStandardsExample() {
    assertThat(Resource.of(ROOT + "/keyprov/sip%3Auser%40example.org/D6B4323200000000"))
        .contains(
            new Resource.KeyProv(
                new Identity("sip:user@example.org"), Instant.parse("2014-02-23T08:39:14Z")));
  }

  @Test
  void readsEveryResource() {
    assertThat(Resource.of(ROOT + "/init")).contains(new Resource.Init());
    assertThat(Resource.of(ROOT + "/keyprov")).contains(new Resource.KeyProv(null, null));
    assertThat(Resource.of(ROOT + "/keyprov/sip:a@b"))
        .contains(new Resource.KeyProv(new Identity("sip:a@b"), null));
    assertThat(Resource.of(ROOT + "/certcache")).contains(new Resource.CertCache(-1));
    assertThat(Resource.of(ROOT + "/certcache/7")).contains(new Resource.CertCache(7));
    assertThat(Resource.of(ROOT + "/cert/kms.example.org"))
        .contains(new Resource.Cert("kms.example.org"));
  }

  @Test
  void readsNothingElse() {
    for (String path :
        new String[] {
          "",
          "/",
          ROOT,
          ROOT + "/",
          "/x" + ROOT + "/init",
          ROOT + "/init/",
          ROOT + "//init",
          ROOT + "/Init",
          ROOT + "/init/x",
          ROOT + "/keyprov/",
          ROOT + "/keyprov/sip:a@b/",
          ROOT + "/keyprov/SIP:a@b",
          ROOT + "/keyprov/sip:a@B",
          ROOT + "/keyprov/sip%3aa@B",
          ROOT + "/keyprov/sip:a@b/D6B43232",
          ROOT + "/keyprov/sip:a@b/D6B4323200000000/x",
          ROOT + "/keyprov/sip:a@b/G6B4323200000000",
          ROOT + "/keyprov/sip:a@b%00",
          ROOT + "/keyprov/sip:a@b%0",
          ROOT + "/keyprov/sip:a@b%",
          ROOT + "/keyprov/sip:a@b%zz",
          ROOT + "/keyprov/sip%253Aa@b",
          ROOT + "/keyprov/sip:%C3%A4@b",
          ROOT + "/keyprov/..",
          ROOT + "/keyprov/sip:%2541@b",
          ROOT + "/certcache/-1",
          ROOT + "/certcache/01",
          ROOT + "/certcache/1/2",
          ROOT + "/cert",
          ROOT + "/cert/",
          ROOT + "/cert/a%20b",
          ROOT + "/lookup/x",
          ROOT.toUpperCase(Locale.ROOT) + "/init"
        }) {
      assertThat(Resource.of(path)).as(path).isEmpty();
    }
  }
}
