package io.appdbs.indexed;

import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.index.Indexed;
import org.springframework.data.mongodb.core.mapping.Document;

@Document
public record Note(@Id String id, @Indexed String name) {

}
