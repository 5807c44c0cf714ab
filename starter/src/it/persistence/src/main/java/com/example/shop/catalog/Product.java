package com.example.shop.catalog;

import org.springframework.data.annotation.Id;

public record Product(@Id String id, String name) {

}
