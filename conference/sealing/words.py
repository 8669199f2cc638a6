"""Four short words for a hash, to be read aloud, heard and compared by people.

Forty bits: enough to notice a swap that nobody could prepare for, not to stand alone against
somebody who tries a million million hashes; a machine compares the whole hash. No two words of the
list begin with the same four letters, none begins another, and any two differ in two letters.
"""

from __future__ import annotations

_WORDS = """
absorb acorn active actor adult advice afford agenda alarm album alley almond alpine always amber
anchor angel animal ankle annual answer antler appear apple apricot apron arcade archer arctic
arena argue armour artist ascend aspen assist atlas attic author autumn avenue awake award axle
azure baby bacon badge bagel baker balcony ballad bamboo banana bandage banjo banner barber
bargain barley barn basil basket bathtub bazaar beaver bedroom beetle beige belfry belong bench
beside bicycle binder birch birthday biscuit bison blanket blazer blossom blouse bluff boat bobbin
bonfire bonnet borrow bottom bounce bouquet bowl boxer bracket branch brass breeze brick bridge
bright bristle broad brook brown brush bubble bucket budget buffalo bugle bundle burger butter
buzzard cabbage cabin cable cactus cake calm camel campus canal candid canoe canvas canyon captain
caravan carbon cardigan cargo carpet carrot castle cavern cedar celery cello cement century
ceramic chain chalk charm cheese cherry chess chicken chimney chorus cider cinema circle city clay
clever cliff climb clinic clock clothes cloud cluster coast cobbler cobweb coconut coffee collar
colour comet common compass concert convoy cookie copper coral cork corner cosmic cottage cougar
country cousin crab cradle crane crayon credit cricket crimson crisp crocus crumb crystal cuckoo
cucumber cupboard cupola curlew curry curtain custard cyclone cymbal daffodil daily damson dancer
daring dawn daylight decide deep delta denim dentist depart design desk diamond diary diesel
dinner diploma direct dish distant diver dolphin domino donkey doorway dough dozen dragon drama
drawer dream drift drizzle drum duck duffel dust dynamo eager eagle early earth easel echo eclipse
elbow elder electric elegant elephant elm embassy emerald empty engine equal eraser errand escape
evening exit expert express eyebrow fabric factory falcon family famous farmer fashion favour
feather fence fern ferry field figure filter finger finish fire fjord flag flame flask flint float
flood flute foggy folder football forest forge fortune fossil fountain fox fragile freckle freight
fresh friend frog frost fruit fudge funnel furnace future fuzzy gadget galaxy gallery game garage
garden garlic garment gather gazelle general gentle geyser giraffe glacier glass glider globe glow
goblet gold goose grain grammar granite grape gravel green grey grill grocer group guitar gulf
habit hacksaw haddock hamlet hammer hamster happy harbour harness harp harvest hazel head hedge
height helmet herald herb hermit heron herring hiking hill hinge history hobby hockey holiday
hollow honest hood horizon hornet hospital hotel house hurdle husky hydrant iceberg icicle icing
igloo impulse inch indigo infant ink inland insect inside invite iris iron item ivory ivy jacket
jaguar jar jasmine jelly jersey jewel jigsaw jingle jog journal jubilee juggle juice jumper
junction junior jury justice kangaroo karate kayak keyboard keyhole khaki kidney kilt kind kiosk
kitchen kite kitten kiwi knife koala label lace lacquer ladder lagoon lamb lantern laptop large
lark laser laundry laurel lavender leader leaf lecture ledger left legend lemon lentil leopard
letter level library licence lifeboat light lilac lily lime linen lizard llama lobster local
locket lodge logic long lorry lotion lotus lounge lucky luggage lullaby lunar lunch lupin luxury
lyric machine magenta magic magnet magpie mahogany major mallet mandolin mango mansion maple
marble margin market maroon marsh mask matrix meadow melody mercury meteor metro midnight mild
mimic mineral minute miracle mirror mixture mobile model mohair month moon mosaic moss motor
muffin mulberry mural museum mushroom music myth napkin narrow nation nature navy nearby neat
necklace nectar needle nephew network never nickel noble noise noodle normal north notebook nougat
novel number nurse nutmeg nylon oak oasis object oboe ocean octave octopus office olive omelette
onion onward opal open opera opinion orange orbit orchard organ oriole ornament osprey ostrich
otter outdoor oxygen oyster ozone pacific page painter palace pancake panda panel panther parade
parcel parsley party pasta patch patio pattern pavement peacock peanut pebble pecan pelican pencil
penguin people pepper perfume person phone phrase piano pickle picnic picture pigeon pillow pilot
pine pioneer pixel pizza planet plate plaza plenty plywood podium poem polar polish pollen pond
poppy porch port postcard potato pottery powder prairie present pretty primrose prism profile
promise proper proud pudding pulley pumpkin puppet purple puzzle pyramid python quail quarry quest
quick quiet quince quiver quiz quota rabbit raccoon radar radio railway rainbow raisin rally
ramble random rapid rare raven razor ready recipe regal region relay relish remedy reptile rescue
resin respect retail reward rhubarb rhythm ribbon rice ripple robin robot rodeo roller romance
roof rooster rope rotate round royal rubber rucksack rudder rugby runner rustic safari sailor
salad salmon salt salute sapling sapphire sardine satchel satin saucer sausage savanna scallop
scarf scenic school science scissors scooter score scout scratch script sculptor season seesaw
select senior sentence sequin serene service sesame shadow shallow shampoo shark shawl shelf
shepherd sherbet shield shine ship shirt shoulder shovel shower shrimp shrub shuttle signal silent
silk silver simple siren skate sketch skill sleeve slice slogan slope smile smoke smooth snail
sneeze snow soap soccer social sofa solid sonata sorbet south space spaniel sparrow special spider
spinach spiral splash sponge spoon spring spruce square squirrel stadium stage stamp star station
steam stencil stereo stew stick stitch stocking stone stool storm strand student stylish subway
sugar suitcase sultana summer supper swan sweater swift swim sycamore symbol syrup tablet tadpole
talent tandem tapestry target tartan taverna teacher teapot teaspoon telegram tennis tent terrace
texture thank theatre thermal thimble thistle thorn thread thrush thumb thunder ticket tidy tiger
timber tinsel tissue titan today together tomato tonic topaz tornado tortoise total toucan tower
town tractor traffic trellis triangle tribune tricycle trio trolley trombone trophy trout truck
trumpet tuba tugboat tulip tundra turban turkey turnip turtle tuxedo twilight twin twist typist
ukulele umbrella umpire uncle unicorn uniform update upright upstairs useful usher utensil vacant
value vanilla vapour varnish vase vault velvet vendor venture veranda vessel viaduct victor video
view village vinegar vintage viola virtue visitor vitamin vivid vixen voice volcano volume voyage
vulture waffle wagon waiter walnut walrus waltz wand warbler wardrobe warm wash wealth wedding
welcome west wheat whisper white wicker widget width window winter wisdom wolf wonder wool
workshop world wreath wren yacht yard year yeast yellow yoga yogurt young yoyo zebra zenith zephyr
zero zigzag zinc zipper zither zodiac
"""
_LIST = _WORDS.split()
TEXT = " ".join(_LIST)
"""The list in one line, for whoever checks without us."""


def words(hash_: bytes) -> str:
    """The first 40 bits of `hash_` as four words, such as *maple otter velvet noble*.

    Raises ValueError for fewer than five bytes.
    """
    if len(hash_) < 5:  # noqa: PLR2004 - 40 bits
        raise ValueError("too short a hash for four words")
    return _four(int.from_bytes(hash_[:5], "big"))


def words_of_hex(hash_: str) -> str:
    """As `words`, of a hash in hexadecimal."""
    if len(hash_) < 10:  # noqa: PLR2004 - 40 bits
        raise ValueError("too short a hash for four words")
    return _four(int(hash_[:10], 16))


def _four(number: int) -> str:
    one, two, three, four = number >> 30, number >> 20 & 1023, number >> 10 & 1023, number & 1023
    return f"{_LIST[one]} {_LIST[two]} {_LIST[three]} {_LIST[four]}"
