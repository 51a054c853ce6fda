package parley.gateway.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs a test class once on each of the two ways that media takes on Linux. The class has it in
/// its constructor, as `media.io` has it.
@ParameterizedClass
@ValueSource(strings = {"batch", "netty"})
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface BothPaths {}
