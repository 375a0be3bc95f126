"""The explorables of the chapter on portability and duties, in the order of its page.

matrix        one program on three hosts, installed or from an image, and what is missing
stored        where data is kept, and whether it comes along
duties        the fields of a specification, by whose they are
proposal      one change, and who has to agree
"""
