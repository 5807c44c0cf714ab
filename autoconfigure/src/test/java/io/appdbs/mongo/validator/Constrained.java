package io.appdbs.mongo.validator;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Negative;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Past;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import jakarta.validation.groups.ConvertGroup;
import jakarta.validation.groups.Default;

import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.ReadOnlyProperty;
import org.springframework.data.mongodb.core.mapping.Document;
import org.springframework.data.mongodb.core.mapping.Field;
import org.springframework.data.mongodb.core.mapping.Unwrapped;

/**
 * Entity with constraints of every kind. Its initial values are valid.
 */
@Document("constrained")
public class Constrained {

	@Id
	@NotNull
	String id = WrittenDocuments.OBJECT_ID;

	@NotNull
	@Field("given_name")
	String name = "name";

	@NotBlank
	@Size(min = 2, max = 4)
	String code = "code";

	@Size(min = 3)
	String atLeast;

	@NotEmpty
	String notEmpty = "x";

	@Size(max = 2)
	List<@NotBlank String> tags;

	@NotEmpty
	List<String> required = List.of("x");

	@Size(min = 1)
	int[] numbers;

	@Size(min = 2)
	byte[] bytes;

	@Min(1)
	@Max(10)
	int quantity = 1;

	@Min(1)
	@Positive
	@Max(100)
	Long several;

	@DecimalMin("0.1")
	@DecimalMax("0.3")
	Double ratio;

	@DecimalMax("0.1")
	Float single;

	@DecimalMin(value = "0", inclusive = false)
	@Digits(integer = 3, fraction = 2)
	BigDecimal price;

	@Negative
	Integer below;

	@Digits(integer = 2, fraction = 0)
	Integer digits;

	@Pattern(regexp = "[A-Z]{2}\\d+")
	String pattern;

	@NotBlank
	@Pattern(regexp = "[a-z ]*")
	@Pattern(regexp = ".*x")
	String patterns = "ax";

	@Pattern(regexp = "(?s).*")
	String untranslatable;

	@Email
	String email;

	@Email(regexp = ".*@example\\.com")
	String ownEmail;

	@AssertTrue
	Boolean accepted;

	@Past
	LocalDate past;

	@NotNull(groups = Strict.class)
	@Size(max = 1, groups = { Strict.class, Default.class })
	String grouped;

	@Valid
	Part checked;

	Part notChecked;

	@Valid
	List<Part> checkedParts;

	List<@Valid Part> checkedElements;

	@Valid
	@ConvertGroup(from = Default.class, to = Strict.class)
	Part converted;

	@Valid
	@NotNull
	@Unwrapped.Empty
	Part unwrapped = new Part("unwrapped");

	@Valid
	@Unwrapped.Nullable(prefix = "optional_")
	Part optional;

	@NotNull
	@ReadOnlyProperty
	String computed = "computed";

	private String viaGetter = "getter";

	@Size(max = 6)
	public String getViaGetter() {
		return this.viaGetter;
	}

	void setViaGetter(String viaGetter) {
		this.viaGetter = viaGetter;
	}

	/**
	 * Returns entities, of which each has one value that is at a limit or beyond it.
	 */
	static List<Constrained> variants() {
		List<Constrained> variants = new ArrayList<>();
		addTexts(variants);
		addNumbers(variants);
		addContainers(variants);
		for (Part part : new Part[] { null, new Part(null), new Part(" "), new Part("x") }) {
			add(variants, (each) -> each.checked = part);
			add(variants, (each) -> each.notChecked = part);
			add(variants, (each) -> each.converted = part);
			add(variants, (each) -> each.unwrapped = part);
			add(variants, (each) -> each.optional = part);
			if (part != null) {
				add(variants, (each) -> each.checkedParts = List.of(part));
				add(variants, (each) -> each.checkedElements = List.of(part));
			}
		}
		return variants;
	}

	private static void addTexts(List<Constrained> variants) {
		for (String text : new String[] { null, "", " ", "\t\n", "\u00a0", "a", "ab", "abc", "abcd", "abcde", "a b x",
				"\uD83D\uDE00", "\uD83D\uDE00\uD83D\uDE00", "x\n", "AB1", "AB1\n", "zAB1", "AB12z", "a@b", "a@b@c",
				"\"a b\"@example.com", "a@example.com", "a@", "@b", "a b@c", "ä@bücher.example", "a@[127.0.0.1]",
				"abx" }) {
			add(variants, (each) -> each.name = text);
			add(variants, (each) -> each.code = text);
			add(variants, (each) -> each.atLeast = text);
			add(variants, (each) -> each.notEmpty = text);
			add(variants, (each) -> each.pattern = text);
			add(variants, (each) -> each.patterns = text);
			add(variants, (each) -> each.untranslatable = text);
			add(variants, (each) -> each.email = text);
			add(variants, (each) -> each.ownEmail = text);
			add(variants, (each) -> each.grouped = text);
			add(variants, (each) -> each.viaGetter = text);
		}
	}

	private static void addNumbers(List<Constrained> variants) {
		for (int number : new int[] { Integer.MIN_VALUE, -100, -99, -1, 0, 1, 10, 11, 99, 100, Integer.MAX_VALUE }) {
			add(variants, (each) -> each.quantity = number);
			add(variants, (each) -> each.several = (long) number);
			add(variants, (each) -> each.below = number);
			add(variants, (each) -> each.digits = number);
			add(variants, (each) -> each.price = BigDecimal.valueOf(number));
		}
		for (double number : new double[] { 0.1, 0.3, 0.1 + 0.2, 0.09999, Double.NaN, Double.NEGATIVE_INFINITY,
				Double.POSITIVE_INFINITY, 0.2 }) {
			add(variants, (each) -> each.ratio = number);
			add(variants, (each) -> each.single = (float) number);
		}
		for (String price : new String[] { "0", "0.01", "0.001", "999.99", "999.999", "1000", "1E+3", "1E-7" }) {
			add(variants, (each) -> each.price = new BigDecimal(price));
		}
		for (Boolean value : new Boolean[] { null, true, false }) {
			add(variants, (each) -> each.accepted = value);
		}
	}

	private static void addContainers(List<Constrained> variants) {
		for (List<String> values : List.of(List.<String>of(), List.of("a"), List.of("a", "b"), List.of("a", "b", "c"),
				List.of(" "), List.of("a", ""))) {
			add(variants, (each) -> each.tags = values);
			add(variants, (each) -> each.required = values);
		}
		List<String> withNull = new ArrayList<>();
		withNull.add(null);
		add(variants, (each) -> each.tags = withNull);
		add(variants, (each) -> each.required = withNull);
		add(variants, (each) -> each.required = null);
		for (int size = 0; size < 3; size++) {
			int length = size;
			add(variants, (each) -> each.numbers = new int[length]);
			add(variants, (each) -> each.bytes = new byte[length]);
		}
		for (LocalDate date : List.of(LocalDate.of(2000, 1, 1), LocalDate.of(2999, 1, 1))) {
			add(variants, (each) -> each.past = date);
		}
	}

	private static void add(List<Constrained> variants, Consumer<Constrained> change) {
		Constrained variant = new Constrained();
		change.accept(variant);
		variants.add(variant);
	}

	interface Strict {

	}

	record Part(@NotBlank String label) {
	}

	/** For servers that know rules for maps. */
	@Document("mapped")
	record Mapped(@Size(min = 1, max = 2) Map<String, @NotBlank String> names) {
	}

}
